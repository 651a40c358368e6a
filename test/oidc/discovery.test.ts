// Hostile and unusual discovery documents over HTTP, at the start and later.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  assertAccepted,
  assertAlive,
  assertRejected,
  assertVerdict,
  type Case,
  startCase,
  type Verdict,
  visit,
} from '../support/check-result.js';
import {
  type Faults,
  type FaultyProvider,
  type Json,
  sendJson,
  type Wire,
} from '../support/faulty-provider.js';

const DAY_SECONDS = 86_400;
const ANOTHER = 'https://evil.example';

const says =
  (change: (right: Json, provider: FaultyProvider) => Json) =>
  (provider: FaultyProvider): Faults => ({
    metadata: (right) => ({ ...right, ...change(right, provider) }),
  });
const saysAt = (name: string, change: (address: string) => unknown) =>
  says((right) => ({ [name]: change(String(right[name])) }));
const sends = (discovery: Wire) => (): Faults => ({ wire: { discovery } });

const STOP = 'stop before the authorization request';
type Row = [name: string, faults: (provider: FaultyProvider) => Faults];

const HOSTILE: Row[] = [
  ['an issuer with another ending', saysAt('issuer', (issuer) => issuer.slice(0, -1))],
  [
    'an issuer with an invalid tenant ID',
    saysAt('issuer', (issuer) => issuer.replace(/[0-9a-f]-/, 'f-0')),
  ],
  [
    'an issuer of another host',
    saysAt('issuer', (issuer) => issuer.replace(/\/\/[^/]+/, '//evil.example')),
  ],
  ['an issuer in another case', saysAt('issuer', (issuer) => issuer.replace('v2.0', 'V2.0'))],
  ['an issuer as a list', saysAt('issuer', (issuer) => [issuer])],
  ['no issuer', saysAt('issuer', () => undefined)],
  ['an issuer for any tenant', says(() => ({ issuer: `${ANOTHER}/{tenantid}/v2.0/` }))],
  ...['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'end_session_endpoint'].flatMap(
    (name): Row[] => [
      [`${name} on another host`, saysAt(name, () => `${ANOTHER}/x`)],
      [`${name} on another port`, saysAt(name, (address) => address.replace(/:\d+\//, ':1/'))],
      [
        `${name} with another scheme`,
        saysAt(name, (address) => address.replace('http:', 'https:')),
      ],
      [
        `${name} with our host as user`,
        saysAt(name, (address) => address.replace(/(\d)\//, '$1@evil.example/')),
      ],
      [`${name} as script`, saysAt(name, () => 'javascript:alert(1)')],
      [`${name} without host`, saysAt(name, () => '/relative')],
      [`${name} as a list`, saysAt(name, (address) => [address])],
      [`${name} as null`, saysAt(name, () => null)],
    ],
  ),
  ['no authorization endpoint', saysAt('authorization_endpoint', () => undefined)],
  ['no token endpoint', saysAt('token_endpoint', () => undefined)],
  ['no jwks_uri', saysAt('jwks_uri', () => undefined)],
  ['algorithms without RS256', says(() => ({ id_token_signing_alg_values_supported: ['ES256'] }))],
  ['a page', sends((response) => response.setHeader('content-type', 'text/html').end('<html>'))],
  [
    'the document as a page',
    sends((response, body) => response.setHeader('content-type', 'text/html').end(body)),
  ],
  ['half of the document', sends((response, body) => sendJson(response, body.slice(0, 50)))],
  ['a list that contains the document', sends((response, body) => sendJson(response, `[${body}]`))],
  ['null', sends((response) => sendJson(response, 'null'))],
  ['an empty body', sends((response) => sendJson(response, ''))],
  [
    'the document with status 201',
    sends((response, body) =>
      response.writeHead(201, { 'content-type': 'application/json' }).end(body),
    ),
  ],
  ['10 MB', sends((response, body) => sendJson(response, body + ' '.repeat(10_000_000)))],
  [
    'a redirect to the document',
    ({ origin }) => ({
      wire: {
        discovery: (response) => response.writeHead(302, { location: `${origin}/elsewhere` }).end(),
      },
    }),
  ],
];
const ABSENT: Row[] = [
  ['an error', sends((response) => response.writeHead(500).end())],
  [
    'too many requests',
    sends((response) => response.writeHead(429, { 'retry-after': '60' }).end()),
  ],
  ['a reset', sends((response) => response.destroy())],
  ['no response', sends(() => {})],
  [
    'a body that arrives byte by byte',
    sends((response, body) => {
      let sent = 0;
      const timer = setInterval(() => response.write(body[sent++]), 50);
      response.on('close', () => clearInterval(timer));
    }),
  ],
];
const GOOD: Row[] = [
  ['no end-session endpoint', saysAt('end_session_endpoint', () => undefined)],
  ['no algorithms', says(() => ({ id_token_signing_alg_values_supported: undefined }))],
  ['no PKCE', says(() => ({ code_challenge_methods_supported: [] }))],
  [
    'other URLs on another host',
    says(() => ({
      userinfo_endpoint: ANOTHER,
      mtls_endpoint_aliases: { token_endpoint: ANOTHER },
    })),
  ],
];

const OUTCOMES = ['metadata_loaded', 'metadata_refused', 'provider_unreachable'];

/** The outcome of the next reload, which a sign-in triggers in the background. */
async function lookAgain(given: Case): Promise<void> {
  const { provider, log } = given;
  const looks = provider.counts.discovery;
  const outcomes = () => OUTCOMES.flatMap(log.of).length;
  const before = outcomes();
  await visit(given);
  for (let i = 0; i < 1_000 && outcomes() === before; i += 1) await pause();
  assert.equal(outcomes(), before + 1);
  assert.equal(provider.counts.discovery, looks + 1);
}
const pause = () => new Promise((resolve) => setTimeout(resolve, 10));

async function startReady(t: Parameters<typeof startCase>[0]): Promise<Case> {
  const given = await startCase(t, { providerTimeoutMs: 1_000 });
  await assertAccepted(given, await visit(given));
  return given;
}

describe('at the start, a discovery document', () => {
  const rows: [Row[], Verdict][] = [
    [HOSTILE, STOP],
    [ABSENT, STOP],
    [GOOD, 'accept'],
  ];
  for (const [kinds, verdict] of rows) {
    for (const [name, faults] of kinds) {
      test(`${name}: ${verdict}`, async (t) => {
        const given = await startCase(t, {
          faults,
          ...(kinds === ABSENT ? { providerTimeoutMs: 300 } : {}),
        });
        const { answer } = await assertVerdict(given, verdict);
        if (verdict === STOP) assert.equal(answer.status, kinds === ABSENT ? 503 : 502);
        assert.equal(answer.headers['retry-after'], kinds === ABSENT ? '5' : undefined);
        assert.equal(given.provider.counts.other, 0);
        await assertAlive(given);
      });
    }
  }
});

test('later, the good copy stays instead of any of these, and instead of a document whose keys cannot be loaded', async (t) => {
  const given = await startReady(t);
  const { provider, log } = given;
  const withoutKeys = saysAt('jwks_uri', (address) => `${address}/gone`);
  const otherTenant = saysAt('issuer', (issuer) => issuer.replace(/[0-9a-f-]{36}/, randomUUID()));
  const later: Row[] = [
    ['an issuer of another tenant', otherTenant],
    ['other keys', withoutKeys],
  ];
  for (const [name, faults] of [...HOSTILE, ...ABSENT, ...later]) {
    await t.test(name, async () => {
      log.lines.length = 0;
      provider.faults = faults(provider);
      given.forwardSeconds(DAY_SECONDS);
      await lookAgain(given);
      assert.equal(log.of('metadata_loaded').length, 0);
      await assertAccepted(given, await visit(given));
    });
  }
  assert.equal(provider.counts.other, 1, 'the other keys alone were asked for');
});

test('a discovery document that can no longer be loaded is requested once a minute, not at each sign-in', async (t) => {
  const given = await startReady(t);
  given.provider.faults = sends((response) => response.writeHead(500).end())();
  given.forwardSeconds(DAY_SECONDS);
  await lookAgain(given);
  const looks = given.provider.counts.discovery;
  given.forwardSeconds(50);
  for (let i = 0; i < 5; i += 1) await assertAccepted(given, await visit(given));
  assert.equal(given.provider.counts.discovery, looks);
  given.forwardSeconds(10);
  await lookAgain(given);
});

test('a day later, endpoints with new paths on the same origin are used', async (t) => {
  const given = await startReady(t);
  const { provider } = given;
  provider.faults = saysAt('authorization_endpoint', (address) => `${address}/moved`)(provider);
  assert.doesNotMatch((await visit(given)).authorizationUrl, /moved/);
  given.forwardSeconds(DAY_SECONDS);
  await lookAgain(given);
  const moved = await visit(given);
  assert.match(moved.authorizationUrl, /\/authorize\/moved\?/);
  await assertAccepted(given, moved);
});

test('an invalid discovery document stays invalid after any number of requests', async (t) => {
  const faults = saysAt('issuer', (issuer) => `${issuer}x`);
  const given = await startCase(t, { faults });
  for (let i = 0; i < 5; i += 1) {
    const { answer } = await visit(given);
    assert.equal(answer.status, 502);
    given.forwardSeconds(i % 2 ? 5 : 0);
  }
  // At the start, and once after each pause.
  assert.ok(given.provider.counts.discovery <= 4, `${given.provider.counts.discovery}`);
  given.log.lines.length = 0;
  await assertRejected(given, await visit(given));
  await assertAlive(given);
});
