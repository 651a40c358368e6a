// Checks of ID tokens in addition to test/oidf-modules.test.ts, over HTTP: OpenID Connect Core 3.1.3.7,
// RFC 8725, and tokens that the libraries accept.
import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey } from 'node:crypto';
import { describe, test } from 'node:test';
import { assertAlive, assertVerdict, sharedCase, type Verdict } from '../support/check-result.js';
import {
  encode,
  type Faults,
  type FaultyProvider,
  type Json,
  rs256,
} from '../support/faulty-provider.js';

type Rows = [name: string, verdict: Verdict, faults: (provider: FaultyProvider) => Faults][];

function tests(rows: Rows) {
  const shared = sharedCase();
  for (const [name, verdict, faults] of rows) {
    test(`${name}: ${verdict}`, async () => {
      const given = shared();
      given.provider.faults = faults(given.provider);
      await assertVerdict(given, verdict);
      assert.equal(given.provider.counts.other, 0, 'an address of the token was asked');
      await assertAlive(given);
    });
  }
}

const header = (more: Json) => (): Faults => ({ header: (right) => ({ ...right, ...more }) });
const claims = (change: (claims: Json) => Json) => (): Faults => ({
  claims: (right) => ({ ...right, ...change(right) }),
});
const claim = (name: string, value: unknown) => claims(() => ({ [name]: value }));
/** A time claim, in seconds from the right time of issue. */
const at = (name: string, seconds: number) =>
  claims(({ iat }) => ({ [name]: Number(iat) + seconds }));

/** Signed with a key of the attacker, to which the header refers. */
const withOwnKey =
  (lead: (key: Json, origin: string) => Json) =>
  (provider: FaultyProvider): Faults => {
    const honest = provider.signingKey;
    // It alternates between two keys.
    do provider.rotateKeys('attacker');
    while (provider.signingKey.jwk['n'] === honest.jwk['n']);
    const attacker = provider.signingKey;
    provider.signingKey = honest;
    return {
      header: (right) => ({ ...right, ...lead(attacker.jwk, provider.origin) }),
      signature: (input) => rs256(input, attacker),
    };
  };

describe('the signature of an ID token', () => {
  tests([
    ['right key id, another key', 'reject', withOwnKey(() => ({}))],
    ['unknown key id', 'reject', withOwnKey(() => ({ kid: 'attacker' }))],
    ['a path as key id', 'reject', header({ kid: '../../../dev/null' })],
    ['a number as key id', 'reject', header({ kid: 1 })],
    ['a key in the header', 'reject', withOwnKey((jwk) => ({ jwk }))],
    [
      'a jku in the header',
      'reject',
      withOwnKey((_, origin) => ({ jku: `${origin}/keys`, x5u: `${origin}/certificate` })),
    ],
    ['a certificate in the header', 'reject', withOwnKey(() => ({ x5c: ['AAAA'], x5t: 'AAAA' }))],
    ['a critical header', 'reject', header({ crit: ['exp'], exp: 1 })],
    ['an algorithm in another case', 'reject', header({ alg: 'rs256' })],
    ['"none" in another case', 'reject', header({ alg: 'nOnE' })],
    ['RS1', 'reject', header({ alg: 'RS1' })],
    ['RS512 on an RS256 signature', 'reject', header({ alg: 'RS512' })],
    ['no algorithm', 'reject', header({ alg: undefined })],
    [
      'HS256 with the public key as the secret',
      'reject',
      ({ signingKey }) => ({
        header: (right) => ({ ...right, alg: 'HS256' }),
        signature(input) {
          const pem = createPublicKey(signingKey.privateKey).export({
            type: 'spki',
            format: 'pem',
          });
          return createHmac('sha256', pem).update(input).digest();
        },
      }),
    ],
    ['an empty signature', 'reject', () => ({ signature: () => Buffer.alloc(0) })],
    ['the type of an access token', 'reject', header({ typ: 'at+jwt' })],
    ['the type of a logout token', 'reject', header({ typ: 'logout+jwt' })],
    ['a type that is not a string', 'reject', header({ typ: ['JWT'] })],
    ['no type', 'accept', header({ typ: undefined })],
    ['the type in another case', 'accept', header({ typ: 'jwt' })],
    ['one part', 'reject', () => ({ idToken: () => 'x' })],
    ['four parts', 'reject', () => ({ idToken: (token) => `${token}.x` })],
    [
      'claims that are not JSON',
      'reject',
      () => ({ idToken: (t) => t.replace(/\.[^.]+/, '.e30x') }),
    ],
    [
      'claims that are a list',
      'reject',
      ({ signingKey }) => ({
        idToken(token) {
          const input = `${token.split('.', 1)[0]}.${encode([] as unknown as Json)}`;
          return `${input}.${rs256(input, signingKey).toString('base64url')}`;
        },
      }),
    ],
    ['a number instead of the token', 'reject', () => ({ token: (a) => ({ ...a, id_token: 7 }) })],
    ['null instead of the token', 'reject', () => ({ token: (a) => ({ ...a, id_token: null }) })],
  ]);
});

describe('the parties of an ID token', () => {
  tests([
    [
      'an issuer with another ending',
      'reject',
      claims(({ iss }) => ({ iss: `${iss}`.slice(0, -1) })),
    ],
    ['an issuer as a list', 'reject', claims(({ iss }) => ({ iss: [iss] }))],
    ['an audience that is an empty list', 'reject', claim('aud', [])],
    ['the audience twice', 'reject', claims(({ aud }) => ({ aud: [aud, aud] }))],
    ['an audience that is null', 'reject', claim('aud', null)],
    ['another authorized party', 'reject', claim('azp', 'somebody-else')],
    ['this application as authorized party', 'accept', claims(({ aud }) => ({ azp: aud }))],
    ['an authorized party that is null', 'reject', claim('azp', null)],
    ['a nonce that is a list', 'reject', claims(({ nonce }) => ({ nonce: [nonce] }))],
    ['a nonce that is null', 'reject', claim('nonce', null)],
    ['an empty subject', 'reject', claim('sub', '')],
    ['a subject that is a number', 'reject', claim('sub', 7)],
    ['a subject of 255 characters', 'accept', claim('sub', 'x'.repeat(255))],
    ['a subject of 256 characters', 'reject', claim('sub', 'x'.repeat(256))],
    ['a subject with a line break', 'reject', claim('sub', 'x\r\nSet-Cookie: a=b')],
    ['a subject with a letter beyond ASCII', 'reject', claim('sub', 'zoé')],
    ['no policy', 'reject', claim('tfp', undefined)],
    ['another policy', 'reject', claim('tfp', 'B2C_1_susi1')],
    ['a policy that is a list', 'reject', claim('tfp', ['B2C_1_susi'])],
    ['the policy in another case', 'accept', claim('tfp', 'b2c_1_SUSI')],
    [
      'the policy in the older claim',
      'accept',
      claims(({ tfp }) => ({ acr: tfp, tfp: undefined })),
    ],
    [
      'the right policy in the older claim, another one in the newer',
      'reject',
      claims(() => ({ tfp: 'x', acr: 'B2C_1_susi' })),
    ],
  ]);
});

describe('the times of an ID token', () => {
  tests([
    ['issued 50 seconds in the future', 'accept', at('iat', 50)],
    ['issued 70 seconds in the future', 'reject', at('iat', 70)],
    [
      'issued a day in the future',
      'reject',
      claims(({ iat }) => ({ iat: Number(iat) + 86_400, exp: 9e9 })),
    ],
    ['issued 9 minutes ago', 'accept', at('iat', -540)],
    ['issued 11 minutes ago', 'reject', at('iat', -660)],
    ['issued before 1970', 'reject', claim('iat', -1)],
    ['a string as iat', 'reject', claims(({ iat }) => ({ iat: String(iat) }))],
    ['null as iat', 'reject', claim('iat', null)],
    ['expired 50 seconds ago', 'accept', claims(({ iat }) => shifted(iat, -100, -50))],
    ['expired 70 seconds ago', 'reject', claims(({ iat }) => shifted(iat, -100, -70))],
    ['expired before it was issued', 'reject', at('exp', -10)],
    ['a string as exp', 'reject', claims(({ exp }) => ({ exp: String(exp) }))],
    ['null as exp', 'reject', claim('exp', null)],
    ['valid in 50 seconds', 'accept', at('nbf', 50)],
    ['valid in 70 seconds', 'reject', at('nbf', 70)],
    ['valid for an hour already', 'accept', at('nbf', -3_600)],
    ['valid since 1970', 'reject', claim('nbf', 1)],
    ['a string as nbf', 'reject', claims(({ iat }) => ({ nbf: String(iat) }))],
    ['a sign-in 50 seconds in the future', 'accept', at('auth_time', 50)],
    ['a sign-in 70 seconds in the future', 'reject', at('auth_time', 70)],
    ['a sign-in of last month', 'accept', at('auth_time', -2_592_000)],
    [
      'a sign-in in milliseconds',
      'reject',
      claims(({ iat }) => ({ auth_time: Number(iat) * 1000 })),
    ],
    ['a sign-in before 1970', 'reject', claim('auth_time', -1)],
    ['a string as auth_time', 'reject', claims(({ iat }) => ({ auth_time: String(iat) }))],
    ['no auth_time', 'accept', claim('auth_time', undefined)],
  ]);
});

const shifted = (iat: unknown, issued: number, ended: number) => ({
  iat: Number(iat) + issued,
  exp: Number(iat) + ended,
});

const halfHash = (text: string) =>
  createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

describe('the rest of an ID token', () => {
  tests([
    [
      'the hash of its access token',
      'accept',
      () => ({
        claims: (right) => ({ ...right, at_hash: halfHash('marker-access-token') }),
        token: (answer) => ({ ...answer, access_token: 'marker-access-token' }),
      }),
    ],
    ['the hash of another access token', 'reject', claim('at_hash', halfHash('another'))],
    ['an empty hash', 'reject', claim('at_hash', '')],
    ['a hash that is null', 'reject', claim('at_hash', null)],
    ['claims of 40 kB', 'accept', claim('roles', 'x'.repeat(40_000))],
    ['claims of 100 kB', 'reject', claim('roles', 'x'.repeat(100_000))],
    ['claims of 1 MB', 'reject', claim('roles', 'x'.repeat(1_000_000))],
    [
      'a claim named __proto__',
      'accept',
      ({ signingKey }) => ({
        idToken(token) {
          const [head, body = ''] = token.split('.');
          const json = Buffer.from(body, 'base64url').toString();
          const polluted = json.replace('{', '{"__proto__":{"polluted":true},');
          const input = `${head}.${Buffer.from(polluted).toString('base64url')}`;
          return `${input}.${rs256(input, signingKey).toString('base64url')}`;
        },
      }),
    ],
  ]);

  test('no prototype has changed in these tests', () => {
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});

describe('the log names the claim that is not in order, without its value:', () => {
  const given = sharedCase();
  const text = (name: string) =>
    claims((right) => ({ [name]: String(right[name] ?? right['iat']) }));
  const notSupported =
    'sub is the sentence of B2C that no subject is supported. Set "Subject (sub) claim" to ObjectID: Azure portal > ' +
    'Azure AD B2C > User flows > the user flow > Properties > Token compatibility settings';
  const rows: [name: string, faults: () => Faults, named: string][] = [
    ...['exp', 'iat', 'nbf', 'auth_time'].map((name): [string, () => Faults, string] => [
      `${name} as a string`,
      text(name),
      `${name} is a string, not a number`,
    ]),
    ['no iat', claim('iat', undefined), 'iat is missing'],
    ['no exp', claim('exp', undefined), 'exp is missing'],
    ['a number as sub', claim('sub', 7), 'sub is a number, not a string'],
    ['an object as aud', claim('aud', {}), 'aud is an object, not a string'],
    ['a list as iss', claim('iss', []), 'iss is a list, not a string'],
    [
      'the sentence of B2C as sub',
      claim('sub', 'Not supported currently. Use oid claim.'),
      notSupported,
    ],
    ['another sentence as sub', claim('sub', 'two words'), 'sub'],
  ];
  for (const [name, faults, named] of rows) {
    test(name, async () => {
      given().provider.faults = faults();
      await assertVerdict(given(), 'reject');
      const detail = String(given().log.of('sign_in_failed')[0]?.['detail']);
      assert.equal(detail.replace(/ \(OAUTH_\w+\)$/, ''), `the ID token is refused: ${named}`);
    });
  }
});
