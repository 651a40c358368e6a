// Hostile and unusual key sets over HTTP: their content, their loading and their rotation.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  assertAccepted,
  assertAlive,
  assertRejected,
  assertVerdict,
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

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const weakJwk = { ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak', use: 'sig' } as Json;
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherJwk = { ...otherRsa.publicKey.export({ format: 'jwk' }), use: 'sig' } as Json;

const STOP = 'stop before the authorization request';

describe('a key set with', () => {
  const beside =
    (...others: ((right: Json) => unknown)[]) =>
    ({ signingKey: { jwk } }: FaultyProvider): Faults => ({
      // In front of the right one, where a client that uses the first key finds them.
      keys: () => [...others.map((other) => other(jwk)), jwk] as Json[],
    });
  const alone =
    (change: (right: Json) => Json): ((provider: FaultyProvider) => Faults) =>
    ({ signingKey: { jwk } }) => ({ keys: () => [change(jwk)] });
  const rows: [string, Verdict, (provider: FaultyProvider) => Faults][] = [
    ['the right key twice', 'accept', beside((jwk) => jwk)],
    ['another key with the same kid', 'accept', beside(({ kid }) => ({ ...otherJwk, kid }))],
    ['a weak key with the same kid', 'accept', beside(({ kid }) => ({ ...weakJwk, kid }))],
    ['a weak key with another kid', 'accept', beside(() => weakJwk)],
    ['an encryption key with the same kid', 'accept', beside((jwk) => ({ ...jwk, use: 'enc' }))],
    ['a secret with the same kid', 'accept', beside(({ kid }) => ({ kty: 'oct', k: 'AAAA', kid }))],
    [
      'a key with the same kid and no modulus',
      'accept',
      beside((jwk) => ({ ...jwk, n: undefined })),
    ],
    [
      'a key with the same kid and a number as modulus',
      'accept',
      beside((jwk) => ({ ...jwk, n: 7 })),
    ],
    [
      'a key with the same kid for another algorithm',
      'accept',
      beside((jwk) => ({ ...jwk, alg: 'PS256' })),
    ],
    [
      'a key with the same kid that is not for verification',
      'accept',
      beside((jwk) => ({ ...jwk, key_ops: ['encrypt'] })),
    ],
    [
      'a private key with the same kid',
      'accept',
      beside(({ kid }) => ({ ...otherRsa.privateKey.export({ format: 'jwk' }), kid })),
    ],
    [
      'members that are not keys',
      'accept',
      beside(
        () => null,
        () => 'x',
        () => 7,
        () => [],
        () => ({}),
      ),
    ],
    [
      'only the right key, for signing',
      'accept',
      alone((jwk) => ({ ...jwk, alg: 'RS256', key_ops: ['verify'] })),
    ],
    ['only the right key, with another kid', 'reject', alone((jwk) => ({ ...jwk, kid: 'x' }))],
    ['only the right key, without kid', 'reject', alone(({ kid: _, ...jwk }) => jwk)],
    ['only the right key, for encryption', STOP, alone((jwk) => ({ ...jwk, use: 'enc' }))],
    [
      'only other keys with the right kid',
      'reject',
      ({ signingKey: { jwk } }) => ({
        keys: () => [
          { ...otherJwk, kid: jwk['kid'] },
          { ...weakJwk, kid: jwk['kid'] },
        ],
      }),
    ],
    [
      'only a weak key, which has signed',
      STOP,
      () => ({
        keys: () => [weakJwk],
        header: (right) => ({ ...right, kid: 'weak' }),
      }),
    ],
    ['only the right key, for another algorithm', STOP, alone((jwk) => ({ ...jwk, alg: 'PS256' }))],
    ['no keys', STOP, () => ({ keys: () => [] })],
    ['150 additional keys', STOP, beside(...Array(150).fill(() => ({ ...otherJwk, kid: 'x' })))],
  ];
  for (const [name, verdict, faults] of rows) {
    test(`${name}: ${verdict}`, async (t) => {
      const given = await startCase(t, { faults });
      await assertVerdict(given, verdict);
      // Sign-ins within ten seconds of a reload use the keys that it has loaded.
      given.forwardSeconds(10);
      await assertAlive(given);
    });
  }
});

test('keys that cannot be used are an error at the start that names the policy and the keys', async (t) => {
  const wrong = (jwk: Json): Json[] => [
    { ...jwk, use: 'enc' },
    weakJwk,
    { kty: 'EC', kid: 'ec' },
    { kty: 'RSA', kid: 'not a name', use: 'sig' },
  ];
  const given = await startCase(t, {
    faults: ({ signingKey: { jwk } }) => ({ keys: () => wrong(jwk) }),
  });
  const { provider, log } = given;
  for (let i = 0; i < 100 && log.of('metadata_refused').length === 0; i += 1) await delay(20);
  const [line] = log.of('metadata_refused');
  assert.equal(line?.['level'], 50);
  assert.equal(line?.['policy'], provider.policy);
  const { kid } = provider.signingKey.jwk;
  assert.equal(
    line?.['detail'],
    `the provider's keys are unusable: no RSA signing key: key ${kid} is not for signatures (use "enc"); ` +
      'key weak has only 1024 bits; key ec is not an RSA key; an unnamed key is not a public RS256 key',
  );
  const ready = await given.browser().get('/readyz');
  assert.equal(ready.status, 503);
  assert.deepEqual(JSON.parse(ready.body).policies, ['signIn']);
  const { answer } = await assertVerdict(given, STOP);
  assert.equal(answer.status, 502);
  assert.match(String(log.of('sign_in_failed')[0]?.['advice']), /doctor/);
});

const OUTAGES: [string, Wire][] = [
  ['an error', (response) => response.writeHead(500).end()],
  ['a page', (response) => response.setHeader('content-type', 'text/html').end('<html>')],
  ['nothing', (response) => sendJson(response, '')],
  ['no set', (response) => sendJson(response, '{}')],
  ['null', (response) => sendJson(response, 'null')],
  ['a list', (response) => sendJson(response, '[]')],
  ['an empty set', (response) => sendJson(response, '{"keys":[]}')],
  [
    'encryption keys alone',
    (response, body) => sendJson(response, body.replaceAll('"sig"', '"enc"')),
  ],
  [
    'private keys alone',
    (response) => {
      const jwk = otherRsa.privateKey.export({ format: 'jwk' });
      sendJson(response, JSON.stringify({ keys: [jwk] }));
    },
  ],
  ['half a set', (response, body) => sendJson(response, body.slice(0, 100))],
  ['10 MB', (response, body) => sendJson(response, body + ' '.repeat(10_000_000))],
  ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['a reset', (response) => response.destroy()],
  ['silence', () => {}],
];

describe('if the keys cannot be loaded: ', () => {
  for (const [name, keys] of OUTAGES) {
    test(`${name}: rejected without loaded keys, harmless for hours with them`, async (t) => {
      const outage = (): Faults => ({ wire: { keys } });
      const given = await startCase(t, { faults: outage, providerTimeoutMs: 1_000 });
      await assertRejected(given, await visit(given));
      await assertAlive(given);
      given.provider.faults = outage();
      for (const hours of [0, 6, 24, 48]) {
        given.forwardSeconds(hours * 3_600);
        await assertAccepted(given, await visit(given));
      }
      assert.equal(given.provider.counts.other, 0);
      await assertAlive(given);
    });
  }
});

describe('a key that was rotated a moment ago is accepted', () => {
  const withoutIds: Faults = {
    header: ({ kid: _, ...header }) => header,
    keys: (keys) => keys.slice(-1).map(({ kid: _, ...jwk }) => jwk),
  };
  const rows: [string, Faults, kid?: string][] = [
    ['with a new kid', {}],
    ['with the kid of the old key', {}, 'the-one'],
    ['if no key has a kid', withoutIds],
  ];
  for (const [name, faults, kid] of rows) {
    test(name, async (t) => {
      const given = await startCase(t);
      given.provider.rotateKeys(kid);
      given.provider.faults = faults;
      await assertAccepted(given, await visit(given));
      const before = given.provider.counts.keys;
      given.provider.rotateKeys(kid);
      // Concurrent sign-ins share one reload.
      const visits = await Promise.all(Array.from({ length: 5 }, () => visit(given)));
      for (const each of visits) await assertAccepted(given, each);
      assert.equal(given.provider.counts.keys - before, 1);
    });
  }
});

test('forged tokens of any kind cause one reload of the keys in ten seconds', async (t) => {
  const given = await startCase(t);
  await assertAccepted(given, await visit(given));
  const before = given.provider.counts.keys;
  for (let i = 0; i < 20; i += 1) {
    given.provider.faults =
      i % 2
        ? { header: (right) => ({ ...right, kid: `unknown-${i}` }) }
        : { signature: () => Buffer.alloc(256, i) };
    assert.equal((await visit(given)).answer.status, 502);
  }
  assert.equal(given.provider.counts.keys - before, 1);
  given.forwardSeconds(10);
  assert.equal((await visit(given)).answer.status, 502);
  assert.equal(given.provider.counts.keys - before, 2);
  await assertAlive(given);
});

test('new keys are loaded after the clock was set back', async (t) => {
  const given = await startCase(t);
  given.forwardSeconds(3_600);
  await assertAccepted(given, await visit(given));
  given.provider.rotateKeys();
  await assertAccepted(given, await visit(given));
  given.forwardSeconds(20);
  await assertAccepted(given, await visit(given));
  given.forwardSeconds(-3_600);
  given.provider.rotateKeys();
  await assertAccepted(given, await visit(given));
});
