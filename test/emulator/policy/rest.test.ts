import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { createCertificate } from '../../../dist/emulator/certificate.js';
import { callRest } from '../../../dist/emulator/policy/call-rest.js';
import { RestError } from '../../../dist/emulator/policy/rest-call.js';
import { restCalls } from '../../../dist/testing/testing.js';
import { claims, exchange, handler, metadata, ownPolicy, page, validations } from './own-policy.js';

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: http.IncomingHttpHeaders;
  body: string;
}

const received: Received[] = [];
/** Status and body of the next response. */
let answer: { status: number; body: string } = { status: 200, body: '{}' };

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  received.push({ method: request.method, url: request.url, headers: request.headers, body });
  if (request.url === '/silent') return;
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
let api = '';

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close().closeAllConnections());

interface Api {
  url?: string;
  path?: string;
  items?: Record<string, string>;
  keys?: Record<string, string>;
  inputs?: string[];
  outputs?: string[];
  types?: Record<string, string>;
}

const INPUTS = [
  'email DefaultValue="a b@c.de"',
  'displayName PartnerClaimType="userName" DefaultValue="Ä&amp;B"',
  'newUser DefaultValue="true"',
  'age DefaultValue="42"',
];

const apiProfile = ({
  url,
  path = '/api',
  items = {},
  keys = {},
  inputs = INPUTS,
  outputs = ['email'],
}: Api) =>
  `<TechnicalProfile Id="Api"><DisplayName>Api</DisplayName>${handler('RestfulProvider')}
  ${metadata({ ServiceUrl: url ?? api + path, AuthenticationType: 'None', AllowInsecureAuthInProduction: 'true', ...items })}
  ${keysXml(keys)}${claims('Input', ...inputs)}${claims('Output', ...outputs)}</TechnicalProfile>`;

const keysXml = (keys: Record<string, string>) =>
  Object.keys(keys).length === 0
    ? ''
    : `<CryptographicKeys>${Object.entries(keys)
        .map(([id, name]) => `<Key Id="${id}" StorageReferenceId="${name}" />`)
        .join('')}</CryptographicKeys>`;

/** Calls the API in a step. The token has the output claims. */
function callPolicy(t: TestContext, options: Api) {
  received.length = 0;
  const outputs = options.outputs ?? ['email'];
  return ownPolicy(t, {
    claims: { age: 'int', groups: 'stringCollection', otp: 'string', ...options.types },
    profiles: apiProfile(options),
    steps: exchange(1, 'Api'),
    token: ['objectId DefaultValue="1"', ...outputs.map((claim) => claim.split(' ')[0] ?? '')],
  });
}

const bodyOf = ({ body }: Received): unknown => JSON.parse(body);

describe('a REST profile sends claims', () => {
  const sent = async (t: TestContext, options: Api): Promise<Received> => {
    answer = { status: 200, body: '{}' };
    const run = await callPolicy(t, options)();
    assert.equal(run.outcome, 'token', run.error?.message);
    assert.equal(received.length, 1);
    return received[0] as Received;
  };

  test('in a JSON body, with their types and in the case of the policy', async (t) => {
    for (const items of [{}, { SendClaimsIn: 'Body' }]) {
      received.length = 0;
      const request = await sent(t, { items });
      assert.equal(request.method, 'POST');
      assert.equal(request.headers['content-type'], 'application/json');
      assert.deepEqual(bodyOf(request), {
        email: 'a b@c.de',
        userName: 'Ä&B',
        newUser: true,
        age: 42,
      });
    }
  });

  test('in a form', async (t) => {
    const request = await sent(t, { items: { SendClaimsIn: 'Form' } });
    assert.equal(request.method, 'POST');
    assert.equal(request.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(request.body, 'email=a+b%40c.de&userName=%C3%84%26B&newUser=true&age=42');
  });

  test('in the query', async (t) => {
    const request = await sent(t, { path: '/api?x=1', items: { SendClaimsIn: 'QueryString' } });
    assert.equal(request.method, 'GET');
    assert.equal(request.url, '/api?x=1&email=a+b%40c.de&userName=%C3%84%26B&newUser=true&age=42');
  });

  test('in headers', async (t) => {
    const request = await sent(t, {
      items: { SendClaimsIn: 'Header' },
      inputs: INPUTS.filter((one) => !one.includes('Ä')),
    });
    assert.equal(request.method, 'GET');
    assert.equal(request.headers['email'], 'a b@c.de');
    assert.equal(request.headers['age'], '42');
  });

  test('but no header that is not ASCII', async (t) => {
    const run = await callPolicy(t, { items: { SendClaimsIn: 'Header' } })();
    assert.match(run.error?.message ?? '', /userName cannot be a header/);
    assert.equal(received.length, 0);
  });

  test('in the URL', async (t) => {
    const options = {
      path: '/api/{email}/x?n={userName}&amp;m={missing}',
      items: { SendClaimsIn: 'Url' },
    };
    const request = await sent(t, options);
    assert.equal(request.method, 'GET');
    assert.equal(request.url, '/api/a%20b%40c.de/x?n=%C3%84%26B&m=');
  });

  test('as one claim that is the whole body', async (t) => {
    const inputs = ['displayName DefaultValue="{&quot;a&quot;:[1]}"', 'email DefaultValue="x"'];
    const request = await sent(t, { items: { ClaimUsedForRequestPayload: 'displayname' }, inputs });
    assert.deepEqual(bodyOf(request), { a: [1] });
  });
});

describe('a REST profile authenticates', () => {
  const KEYS = { B2C_1A_User: 'caller', B2C_1A_Password: 'pass:word', B2C_1A_Token: 'abc' };
  const rows: [string, Api, string, string][] = [
    [
      'Basic',
      {
        keys: {
          BasicAuthenticationUsername: 'B2C_1A_User',
          BasicAuthenticationPassword: 'B2C_1A_Password',
        },
      },
      'authorization',
      `Basic ${Buffer.from('caller:pass:word').toString('base64')}`,
    ],
    [
      'Bearer',
      { keys: { BearerAuthenticationToken: 'B2C_1A_Token' } },
      'authorization',
      'Bearer abc',
    ],
    ['Bearer', { items: { UseClaimAsBearerToken: 'displayName' } }, 'authorization', 'Bearer A&B'],
    ['ApiKeyHeader', { keys: { 'x-functions-key': 'B2C_1A_Token' } }, 'x-functions-key', 'abc'],
  ];
  for (const [kind, options, header, expected] of rows) {
    test(`with ${kind} ${Object.keys({ ...options.keys, ...options.items }).join(' ')}`, async (t) => {
      answer = { status: 200, body: '{}' };
      const inputs = options.items ? ['displayName DefaultValue="A&amp;B"'] : INPUTS;
      const run = await callPolicy(t, {
        inputs,
        ...options,
        items: { AuthenticationType: kind, ...options.items },
      })({ keys: KEYS });
      assert.equal(run.outcome, 'token', run.error?.message);
      const value = received[0]?.headers[header];
      assert.equal(value, expected);
      const [call] = restCalls(run);
      assert.equal(call?.headers[header], '•••');
    });
  }

  test('with a client certificate', async (t) => {
    const { key, cert, ca } = createCertificate();
    const options = { key, cert, requestCert: true, rejectUnauthorized: false };
    const secure = https.createServer(options, ({ socket }, response) => {
      const { subject } = (socket as TLSSocket).getPeerCertificate();
      response.end(JSON.stringify({ email: subject?.CN ?? 'no certificate' }));
    });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    https.globalAgent.options.ca = ca;
    t.after(() => {
      delete https.globalAgent.options.ca;
      secure.close().closeAllConnections();
    });
    const client = createCertificate({ hosts: ['caller.example'] });
    const policy = callPolicy(t, {
      url: `https://localhost:${(secure.address() as AddressInfo).port}/`,
      items: { AuthenticationType: 'ClientCertificate' },
      keys: { ClientCertificate: 'B2C_1A_Certificate' },
    });
    const run = await policy({ keys: { B2C_1A_Certificate: client.key + client.cert } });
    assert.equal(run.claims?.['email'], 'caller.example', run.error?.message);
    const without = await policy({ keys: { B2C_1A_Certificate: 'secret' } });
    assert.match(without.error?.message ?? '', /needs PEM/);
  });
});

describe('the answer of a REST API', () => {
  const read = async (t: TestContext, body: unknown, options: Api) => {
    answer = { status: 200, body: typeof body === 'string' ? body : JSON.stringify(body) };
    const run = await callPolicy(t, options)();
    assert.equal(run.outcome, 'token', run.error?.message);
    const { sub: _, objectId: __, ...rest } = run.claims ?? {};
    return rest;
  };

  test('gives claims by their partner names, in any case, converted to their types', async (t) => {
    const outputs = ['email PartnerClaimType="Mail"', 'newUser', 'age', 'groups', 'displayName'];
    const body = { mail: 'x@y.z', newUser: 'True', age: '7', groups: ['a', 'b'], displayName: 5 };
    assert.deepEqual(await read(t, body, { outputs, inputs: ['otp DefaultValue="1"'] }), {
      ...{ email: 'x@y.z', newUser: true, age: 7, groups: ['a', 'b'], displayName: '5' },
    });
  });

  test('gives JSON text for an object, and a note', async (t) => {
    answer = { status: 200, body: '{"email":{"a":1}}' };
    const run = await callPolicy(t, {})();
    assert.equal(run.claims?.['email'], '{"a":1}');
    assert.match(run.trace[0]?.profiles[0]?.notes.join() ?? '', /email is not a text/);
  });

  test('is read by paths with ResolveJsonPathsInJsonTokens', async (t) => {
    const body = {
      name: { first: 'Ada' },
      data: [{ to: [{ email: 'x@y.z' }] }],
      value: ['a', 'b'],
    };
    const outputs = [
      'email PartnerClaimType="data[0].to[0].email"',
      'displayName PartnerClaimType="name.first"',
      'groups PartnerClaimType="value"',
    ];
    const items = { ResolveJsonPathsInJsonTokens: 'true' };
    assert.deepEqual(await read(t, body, { outputs, items, inputs: ['otp DefaultValue="1"'] }), {
      ...{ email: 'x@y.z', displayName: 'Ada', groups: ['a', 'b'] },
    });
    const flat = { 'data[0].to[0].email': 'flat', data: [] };
    assert.equal(
      (await read(t, flat, { outputs: outputs.slice(0, 1), inputs: ['otp DefaultValue="1"'] }))[
        'email'
      ],
      'flat',
    );
  });

  test('may be empty', async (t) => {
    assert.deepEqual(await read(t, '', { inputs: ['otp DefaultValue="1"'] }), {});
  });

  test('is in the trace, without secrets', async (t) => {
    answer = { status: 200, body: '{"email":"a@b.c","access_token":"abc"}' };
    const inputs = ['otp DefaultValue="123456"', 'email DefaultValue="a@b.c"'];
    const [call] = restCalls(await callPolicy(t, { inputs })());
    assert.equal(call?.body, '{"otp":"•••","email":"a@b.c"}');
    assert.equal(call?.response, '{"email":"a@b.c","access_token":"•••"}');
    assert.equal(call?.status, 200);
    for (const SendClaimsIn of ['QueryString', 'Form', 'Header']) {
      const [other] = restCalls(await callPolicy(t, { inputs, items: { SendClaimsIn } })());
      assert.doesNotMatch(JSON.stringify(other), /123456/);
    }
  });
});

describe('an error of a REST API', () => {
  const CONTRACT = {
    ...{ version: '1.0.0', status: 409, userMessage: 'Not a member' },
    ...{
      code: 'API12345',
      requestId: 'r1',
      developerMessage: 'look it up',
      moreInfo: 'https://x/y',
    },
  };

  /** Calls the API when a page is submitted. */
  const submit = async (t: TestContext, items: Record<string, string> = {}, pageItems = {}) => {
    received.length = 0;
    const run = ownPolicy(t, {
      claims: { age: 'int' },
      profiles:
        page('Ask', ['displayName'], validations('Api'), pageItems) +
        apiProfile({ items, inputs: ['displayName'] }),
      steps: exchange(1, 'Ask'),
      token: ['displayName'],
    });
    return run({ answers: [{ fill: { displayName: 'Ada' } }] });
  };

  test('shows its userMessage on the page of a validation', async (t) => {
    answer = { status: 409, body: JSON.stringify(CONTRACT) };
    const run = await submit(t);
    assert.equal(run.outcome, 'page');
    assert.deepEqual(run.page?.errors, ['Not a member']);
    assert.deepEqual(run.trace[0]?.profiles[0]?.validations[0]?.notes, []);
  });

  test('shows more in DebugMode', async (t) => {
    answer = { status: 409, body: JSON.stringify(CONTRACT) };
    const { page: shown } = await submit(t, { DebugMode: 'true' });
    for (const text of ['Not a member', 'API12345', 'r1', 'look it up', 'https://x/y']) {
      assert.ok(shown?.errors.join().includes(text), text);
    }
  });

  test('leaves a note about members that a tenant requires', async (t) => {
    answer = { status: 409, body: '{"userMessage":"Not a member"}' };
    const run = await submit(t);
    assert.deepEqual(run.page?.errors, ['Not a member']);
    assert.match(run.trace[0]?.profiles[0]?.validations[0]?.notes.join() ?? '', /"version"/);
  });

  test('without the contract shows the default message of the policy', async (t) => {
    for (const next of [
      { status: 500, body: JSON.stringify(CONTRACT) },
      { status: 404, body: 'no JSON' },
      { status: 302, body: '' },
      { status: 200, body: 'no JSON' },
    ]) {
      answer = next;
      const run = await submit(t, {}, { DefaultUserMessageIfRequestFailed: 'Try later' });
      assert.deepEqual(run.page?.errors, ['Try later'], JSON.stringify(next));
    }
  });

  test('ends the journey in a step', async (t) => {
    answer = { status: 409, body: JSON.stringify(CONTRACT) };
    const run = await callPolicy(t, {})();
    assert.equal(run.outcome, 'error');
    assert.equal(run.error?.code, 'AADB2C90255');
    assert.match(run.error?.message ?? '', /Not a member/);
  });

  const unreachable: [RestError['reason'], string][] = [
    ['timeout', 'UserMessageIfRequestTimeout'],
    ['unknown-host', 'UserMessageIfDnsResolutionFailed'],
    ['no-connection', 'DefaultUserMessageIfRequestFailed'],
  ];
  for (const [reason, id] of unreachable) {
    test(`has a separate message: ${reason}`, async (t) => {
      const profiles =
        page('Ask', ['displayName'], validations('Api'), { [id]: `text of ${id}` }) +
        apiProfile({ inputs: ['displayName'] });
      const policy = ownPolicy(t, {
        claims: { age: 'int' },
        profiles,
        steps: exchange(1, 'Ask'),
        token: ['displayName'],
      });
      const stub = () => {
        throw new RestError(reason, 'nothing came');
      };
      const run = await policy({
        answers: [{ fill: { displayName: 'Ada' } }],
        rest: { [api]: stub },
      });
      assert.deepEqual(run.page?.errors, [`text of ${id}`]);
    });
  }
});

describe('the client of REST APIs', () => {
  const get = (url: string) => ({ method: 'GET' as const, url, headers: {}, body: undefined });

  test('ends a request that gets no response in time', async () => {
    await assert.rejects(callRest(get(`${api}/silent`), {}, 50), { reason: 'timeout' });
  });

  test('reports a port that nothing listens on', async () => {
    await assert.rejects(callRest(get('http://127.0.0.1:1/'), {}), { reason: 'no-connection' });
  });

  test('refuses a response of more than a megabyte', async () => {
    answer = { status: 200, body: 'x'.repeat(1_100_000) };
    await assert.rejects(callRest(get(`${api}/large`), {}), { reason: 'no-connection' });
  });

  test('refuses an address on another computer that is not mapped', async () => {
    await assert.rejects(callRest(get('https://api.example.com/x'), {}), { name: 'JourneyError' });
    answer = { status: 200, body: '{}' };
    const mapped = await callRest(get('https://api.example.com/x?y=1'), {
      'https://api.example.com': api,
    });
    assert.deepEqual([mapped.status, received.at(-1)?.url], [200, '/x?y=1']);
  });
});
