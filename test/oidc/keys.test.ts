// The provider's keys, through the whole program: what is among them, how they come, how they change.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
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

describe('among the keys is', () => {
  const beside =
    (...others: ((right: Json) => unknown)[]) =>
    ({ signingKey: { jwk } }: FaultyProvider): Faults => ({
      // In front of the right one, where whoever takes the first finds them.
      keys: () => [...others.map((other) => other(jwk)), jwk] as Json[],
    });
  const alone =
    (change: (right: Json) => Json): ((provider: FaultyProvider) => Faults) =>
    ({ signingKey: { jwk } }) => ({ keys: () => [change(jwk)] });
  const rows: [string, Verdict, (provider: FaultyProvider) => Faults][] = [
    ['the right key twice', 'accept', beside((jwk) => jwk)],
    ['another key of the same id', 'accept', beside(({ kid }) => ({ ...otherJwk, kid }))],
    ['a weak key of the same id', 'accept', beside(({ kid }) => ({ ...weakJwk, kid }))],
    ['a weak key of another id', 'accept', beside(() => weakJwk)],
    ['an encryption key of the same id', 'accept', beside((jwk) => ({ ...jwk, use: 'enc' }))],
    ['a secret of the same id', 'accept', beside(({ kid }) => ({ kty: 'oct', k: 'AAAA', kid }))],
    [
      'a key of the same id that has no modulus',
      'accept',
      beside((jwk) => ({ ...jwk, n: undefined })),
    ],
    [
      'a key of the same id whose modulus is a number',
      'accept',
      beside((jwk) => ({ ...jwk, n: 7 })),
    ],
    [
      'a key of the same id for another algorithm',
      'accept',
      beside((jwk) => ({ ...jwk, alg: 'PS256' })),
    ],
    [
      'a key of the same id that is not for verifying',
      'accept',
      beside((jwk) => ({ ...jwk, key_ops: ['encrypt'] })),
    ],
    [
      'a private key of the same id',
      'accept',
      beside(({ kid }) => ({ ...otherRsa.privateKey.export({ format: 'jwk' }), kid })),
    ],
    [
      'what is no key at all',
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
      'the right key for signing alone',
      'accept',
      alone((jwk) => ({ ...jwk, alg: 'RS256', key_ops: ['verify'] })),
    ],
    ['none but the right key under another id', 'reject', alone((jwk) => ({ ...jwk, kid: 'x' }))],
    ['none but the right key without an id', 'reject', alone(({ kid: _, ...jwk }) => jwk)],
    ['none but the right key, for encryption', 'reject', alone((jwk) => ({ ...jwk, use: 'enc' }))],
    [
      'none but other keys of the right id',
      'reject',
      ({ signingKey: { jwk } }) => ({
        keys: () => [
          { ...otherJwk, kid: jwk['kid'] },
          { ...weakJwk, kid: jwk['kid'] },
        ],
      }),
    ],
    [
      'none but a weak key, which has signed',
      'reject',
      () => ({
        keys: () => [weakJwk],
        header: (right) => ({ ...right, kid: 'weak' }),
      }),
    ],
    ['nothing', 'reject', () => ({ keys: () => [] })],
    ['150 others', 'reject', beside(...Array(150).fill(() => ({ ...otherJwk, kid: 'x' })))],
  ];
  for (const [name, verdict, faults] of rows) {
    test(`${name}: ${verdict}`, async (t) => {
      const given = await startCase(t, { faults });
      await assertVerdict(given, verdict);
      // Those who sign in within ten seconds of a fetch for a key meet the keys it brought.
      given.forwardSeconds(10);
      await assertAlive(given);
    });
  }
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

describe('when the keys cannot be had', () => {
  for (const [name, keys] of OUTAGES) {
    test(`${name} instead of them: refused at first, and hours long harmless afterwards`, async (t) => {
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

describe('a key that was changed a moment ago is accepted', () => {
  const withoutIds: Faults = {
    header: ({ kid: _, ...header }) => header,
    keys: (keys) => keys.slice(-1).map(({ kid: _, ...jwk }) => jwk),
  };
  const rows: [string, Faults, kid?: string][] = [
    ['under an id of its own', {}],
    ['under the id of the old one', {}, 'the-one'],
    ['where no key has an id', withoutIds],
  ];
  for (const [name, faults, kid] of rows) {
    test(name, async (t) => {
      const given = await startCase(t);
      given.provider.rotateKeys(kid);
      given.provider.faults = faults;
      await assertAccepted(given, await visit(given));
      const before = given.provider.counts.keys;
      given.provider.rotateKeys(kid);
      // All who sign in at that moment wait for the one fetch.
      const visits = await Promise.all(Array.from({ length: 5 }, () => visit(given)));
      for (const each of visits) await assertAccepted(given, each);
      assert.equal(given.provider.counts.keys - before, 1);
    });
  }
});

test('forged tokens make one fetch of the keys in ten seconds, whatever is wrong with them', async (t) => {
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

test('a clock that is set back does not keep new keys away', async (t) => {
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
