// Other spellings of the identity headers. HTTP allows many characters in the name of a header, and CGI
// servers read all but letters and digits as "_": X~Auth~Request~User is HTTP_X_AUTH_REQUEST_USER there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { createFindHeaderAlias } from '../../dist/gate/header-aliases.js';
import { startApp } from '../support/app.js';
import { type Browser, createBrowser } from '../support/browser.js';
import {
  skipWithoutLighttpd,
  startCgiApplication,
  variablesIn,
} from '../support/cgi-application.js';
import { freePorts, PROXIES, skipWithoutCaddy, startCaddy } from '../support/proxies.js';
import { fileScope } from '../support/redis.js';

const scope = fileScope() as unknown as TestContext;

/** All characters that HTTP allows in a name, except letters, digits and "-" (RFC 9110, 5.6.2). */
const CHARACTERS = [..."!#$%&'*+.^_`|~"];
const USER = ['User', 'Email', 'Preferred-Username', 'Groups', 'Access-Token'];
const HEADERS = [
  ...USER.flatMap((name) => [`X-Auth-Request-${name}`, `X-Forwarded-${name}`]),
  ...['X-B2C-Assertion', 'X-Tier', 'X-Forwarded-Host', 'X-Forwarded-Prefix', 'X-Original-URL'],
];

/** The name with other characters in place of the hyphens whose numbers are in `at`. */
const spell = (name: string, at: (hyphen: number) => string | undefined) => {
  let hyphen = -1;
  return name.replaceAll('-', () => {
    hyphen += 1;
    return at(hyphen) ?? '-';
  });
};

const hyphensIn = (name: string) => [...name].filter((character) => character === '-').length;

/** Each character alone, at each position, and mixed with each other one. */
const spellingsOf = (header: string): string[] =>
  CHARACTERS.flatMap((character) => {
    const spellings = [spell(header, () => character)];
    for (let position = 0; position < hyphensIn(header); position += 1) {
      spellings.push(spell(header, (hyphen) => (hyphen === position ? character : undefined)));
      for (const other of CHARACTERS) {
        spellings.push(spell(header, (hyphen) => (hyphen === position ? character : other)));
      }
    }
    return spellings;
  });

describe('the gate finds every other spelling of', () => {
  const find = createFindHeaderAlias(['X-Tier']);
  for (const header of HEADERS) {
    test(header, () => {
      for (const spelling of spellingsOf(header)) {
        for (const name of [spelling, spelling.toLowerCase(), spelling.toUpperCase()]) {
          const list = ['Host', 'a', 'x-request-id', 'b', name, 'forged'];
          assert.equal(find(list), header.toLowerCase(), name);
        }
      }
      assert.equal(find([header, 'a', header.toLowerCase(), 'b']), undefined, 'the header itself');
    });
  }

  test('no other header', () => {
    const others = [
      'X_Request_Id',
      'X-Tier-2',
      'XTier',
      'X~Tiers',
      'Y~Tier',
      'Sec_Fetch_Mode',
      'X',
    ];
    for (const name of others) assert.equal(find([name, 'x']), undefined, name);
  });
});

// Envoy evaluates expressions with RE2, Traefik with Go's regexp package, which has the syntax of RE2. The
// syntax in use here means the same in JavaScript: characters, classes, groups, "*", "|", anchors.
const SHARED_SYNTAX = /^\^?(?:[a-z0-9*.|()]|\[\^?[-a-z0-9]+\])+\$?$/;
const expressionIn = (file: string, pattern: RegExp): string => {
  const url = new URL(`../../docs/gate/${file}`, import.meta.url);
  const [, expression = ''] = pattern.exec(readFileSync(url, 'utf8')) ?? [];
  assert.match(expression, SHARED_SYNTAX);
  return expression;
};

describe('the expression finds every other spelling of an identity header, in', () => {
  const ordinary = ['x-request-id', 'x-forwarded-for', 'accept', 'sec-fetch-mode', 'traceparent'];

  test('envoy.yaml, which sends these headers to the gate', () => {
    const expression = expressionIn('envoy.yaml', /safe_regex: \{ regex: "(.*)" \}/);
    // Envoy compares the whole name, which is in lower case there.
    const matches = new RegExp(`^(?:${expression})$`);
    for (const header of HEADERS) {
      for (const spelling of spellingsOf(header)) assert.match(spelling.toLowerCase(), matches);
    }
    for (const name of ordinary) assert.doesNotMatch(name, matches);
  });

  test('traefik-dynamic.yml, which removes these headers', () => {
    const expression = expressionIn(
      'traefik-dynamic.yml',
      /authResponseHeadersRegex: "\(\?i\)(.*)"/,
    );
    const matches = new RegExp(expression, 'i');
    const identity = USER.filter((name) => name !== 'Access-Token');
    for (const header of [
      ...identity.flatMap((name) => [`X-Auth-Request-${name}`, `X-Forwarded-${name}`]),
      'X-B2C-Assertion',
    ]) {
      for (const spelling of [header, ...spellingsOf(header)]) assert.match(spelling, matches);
    }
    for (const name of [...ordinary, 'x-auth-request-user-2']) assert.doesNotMatch(name, matches);
  });
});

const RULES = [{ path: '/public', allow: 'everyone' }];

describe('the gate denies', () => {
  test('a request with another spelling of an identity header, on every path and for every user', async () => {
    for (const rules of [[], RULES]) {
      const gate = { rules, headers: { 'X-Tier': 'extension_Tier' } };
      const app = await startApp(scope, { config: { gate } });
      const browsers = [app.browser(), await app.signedIn()];
      for (const browser of browsers) {
        for (const [i, header] of HEADERS.entries()) {
          const name = spell(header, () => CHARACTERS[i % CHARACTERS.length]);
          for (const path of ['/auth/verify', '/auth/forward', '/oauth2/auth']) {
            const headers = { 'x-original-uri': '/public/x', [name]: 'forged' };
            assert.equal((await browser.get(path, headers)).status, 403, `${path} ${name}`);
          }
        }
      }
      const honest = { 'x-original-uri': '/public/x', 'x-auth-request-user': 'overwritten' };
      assert.equal((await browsers[1]?.get('/auth/verify', honest))?.status, 202);
      const [line] = app.log.of('gate_denied');
      assert.equal(line?.['detail'], 'a header is another spelling of x-auth-request-user');
    }
  });
});

/** For each character, all headers spelled with it. */
const FORGED = CHARACTERS.map((character) => ({
  character,
  headers: Object.fromEntries(HEADERS.map((name) => [spell(name, () => character), 'forged'])),
}));

function assertNotForged(body: string, message: string) {
  for (const [name, value] of variablesIn(body)) {
    assert.notEqual(value, 'forged', `${message}: ${name}`);
  }
}

const skip = skipWithoutLighttpd();

for (const proxy of PROXIES) {
  describe(`behind ${proxy.name}, to an application that reads CGI variables`, {
    skip: proxy.skip || skip,
  }, async () => {
    if (proxy.skip || skip) return;
    const places = { ...(await freePorts()), isOneHost: true };
    const baseUrl = `http://localhost:${places.port}`;
    const config = { baseUrl, gate: { rules: RULES } };
    const { control } = await startApp(scope, { port: places.signInPort, config });
    await startCgiApplication(scope, places.applicationPort);
    await proxy.start(scope, places);
    const signIn = async (): Promise<Browser> => {
      const browser = createBrowser(baseUrl);
      const { location } = await browser.get('/auth/sign_in');
      await browser.get(await control.authorize(location, { as: 'alice@example.com' }));
      return browser;
    };

    for (const { character, headers } of FORGED) {
      test(`no identity header can be forged with ${character}`, async () => {
        const anonymous = await createBrowser(baseUrl).get('/public/x', headers);
        assert.equal(anonymous.status, 200);
        assertNotForged(anonymous.body, 'anonymous');
        const signedIn = await (await signIn()).get('/x', headers);
        assert.equal(signedIn.status, 200);
        assertNotForged(signedIn.body, 'signed in');
      });
    }

    test('an honest request reaches the application with the user', async () => {
      const answer = await (await signIn()).get('/x?y=1', { 'x-request-id': '17' });
      assert.equal(answer.status, 200);
      const variables = variablesIn(answer.body);
      assert.match(String(variables.get('HTTP_X_AUTH_REQUEST_USER')), /^[0-9a-f-]{36}$/);
      assert.equal(variables.get('HTTP_X_AUTH_REQUEST_EMAIL'), 'alice@example.com');
      assert.equal(variables.get('HTTP_X_REQUEST_ID'), '17');
      const open = await createBrowser(baseUrl).get('/public/x');
      assert.equal(open.status, 200);
      assert.equal(variablesIn(open.body).get('HTTP_X_AUTH_REQUEST_USER') ?? '', '');
    });
  });
}

test('behind a proxy that forwards every spelling, the gate alone denies the request', {
  skip: skipWithoutCaddy() || skip,
}, async (t) => {
  const { port, signInPort, applicationPort } = await freePorts();
  const baseUrl = `http://localhost:${port}`;
  await startApp(t, { port: signInPort, config: { baseUrl, gate: { rules: RULES } } });
  await startCgiApplication(t, applicationPort);
  const site = `http://localhost:${port} {
	bind 127.0.0.1
	forward_auth 127.0.0.1:${signInPort} {
		uri /auth/forward
		copy_headers X-Auth-Request-User
	}
	reverse_proxy 127.0.0.1:${applicationPort}
}`;
  await startCaddy(t, { port, site });
  const anonymous = createBrowser(baseUrl);
  for (const { character, headers } of FORGED) {
    const { status } = await anonymous.get('/public/x', headers);
    assert.equal(status, 403, character);
  }
  assert.equal((await anonymous.get('/public/x')).status, 200);
});
