// The relying-party modules of the OpenID Foundation's conformance suite for the code flow, one test each,
// with the suite's names. The suite's provider appends to right values, so that a comparison of prefixes
// fails; test/support/faulty-provider.ts does the same. The meaning of "accept" and "reject" is
// in test/support/verdict.ts; where the suite accepts both, the stricter one is required.
import assert from 'node:assert/strict';
import { constants, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import {
  assertAccepted,
  assertAlive,
  assertVerdict,
  type Case,
  startCase,
  type Verdict,
  visit,
} from './support/check-result.js';
import {
  type Faults,
  type FaultyProvider,
  type Json,
  rs256,
  sendJson,
} from './support/faulty-provider.js';
import { endSessionAddressIn } from './support/leaving-page.js';

interface Module {
  provider: string;
  verdict: Verdict;
  faults?: (provider: FaultyProvider) => Faults;
  /** Additional assertions. */
  also?: (given: Case) => void;
}

function tests(prefix: string, modules: Record<string, Module>) {
  for (const [name, { provider, verdict, faults, also }] of Object.entries(modules)) {
    test(`${prefix}${name}: ${provider}: ${verdict}`, async (t) => {
      const given = await startCase(t, faults ? { faults } : {});
      await assertVerdict(given, verdict);
      also?.(given);
      await assertAlive(given);
    });
  }
}

const changed = (change: (claims: Json) => Json) => (): Faults => ({ claims: change });
const appended = (name: string) => changed((claims) => ({ ...claims, [name]: `${claims[name]}1` }));
const missing = (name: string) => changed(({ [name]: _, ...others }) => others);
const withoutKid = ({ kid: _, ...others }: Json) => others;
const isSigningRsa = (key: Json) => key['kty'] === 'RSA' && key['use'] === 'sig';

const unsigned = (): Faults => ({
  header: () => ({ alg: 'none' }),
  signature: () => Buffer.alloc(0),
});

const wrongIssuer = (): Faults => ({
  metadata: (metadata) => ({ ...metadata, issuer: `${metadata['issuer']}INVALID` }),
});

const algorithm =
  (alg: string, signature: (input: string, secret: string) => Buffer) =>
  ({ client }: FaultyProvider): Faults => ({
    header: (header) => ({ ...header, alg }),
    signature: (input) => signature(input, client.secret),
  });

const unsignedModule: Module = { provider: 'no signature', verdict: 'reject', faults: unsigned };
const mismatchModule: Module = {
  provider: 'another issuer in the metadata',
  verdict: 'stop before the authorization request',
  faults: wrongIssuer,
};

describe('oidcc-client-basic-certification-test-plan', () => {
  tests('oidcc-client-test', {
    '': { provider: 'behaves, with keys of every kind', verdict: 'accept' },
    '-invalid-iss': { provider: 'a wrong issuer', verdict: 'reject', faults: appended('iss') },
    '-missing-sub': { provider: 'no subject', verdict: 'reject', faults: missing('sub') },
    '-invalid-aud': { provider: 'a wrong audience', verdict: 'reject', faults: appended('aud') },
    '-missing-iat': { provider: 'no time of issue', verdict: 'reject', faults: missing('iat') },
    '-kid-absent-single-jwks': {
      provider: 'no key id, one fitting key',
      verdict: 'accept',
      faults: ({ signingKey }) => ({
        header: withoutKid,
        keys: (keys) => [...keys.filter((key) => !isSigningRsa(key)), withoutKid(signingKey.jwk)],
      }),
    },
    '-kid-absent-multiple-jwks': {
      provider: 'no key id, several fitting keys',
      verdict: 'reject',
      faults: () => ({ header: withoutKid, keys: (keys) => keys.map(withoutKid) }),
    },
    '-idtoken-sig-rs256': {
      provider: 'a signature by RS256',
      verdict: 'accept',
      also: ({ provider }) => assert.ok(provider.counts.keys > 0, 'nobody fetched the keys'),
    },
    '-idtoken-sig-none': unsignedModule,
    '-invalid-sig-rs256': {
      provider: 'a corrupt signature',
      verdict: 'reject',
      faults: ({ signingKey }) => ({
        signature(input) {
          const signature = rs256(input, signingKey);
          signature[0] = (signature[0] ?? 0) ^ 1;
          return signature;
        },
      }),
    },
    '-userinfo-invalid-sub': {
      provider: 'another subject at UserInfo, which this relying party never asks',
      verdict: 'accept',
      also: ({ provider }) => assert.equal(provider.counts.userinfo, 0),
    },
    '-nonce-invalid': { provider: 'a wrong nonce', verdict: 'reject', faults: appended('nonce') },
  });

  test('oidcc-client-test-scope-userinfo-claims: the scopes are requested, the claims used', async (t) => {
    const given = await startCase(t, { scopes: ['openid', 'profile', 'email'] });
    const { location } = await given.browser().get('/auth/sign_in');
    const scopes = new URL(location).searchParams.get('scope')?.split(' ') ?? [];
    for (const scope of ['openid', 'profile', 'email']) assert.ok(scopes.includes(scope), scope);
    const result = await visit(given);
    await assertAccepted(given, result);
    assert.match((await result.browser.get('/auth/token_details')).body, /alice@example\.com/);
  });

  test('oidcc-client-test-client-secret-basic: only HTTP Basic is accepted: accept', async (t) => {
    const given = await startCase(t, { basic: true });
    await assertAccepted(given, await visit(given));
  });
});

describe('oidcc-client-config-certification-test-plan', () => {
  tests('oidcc-client-test', {
    '-discovery-openid-config': {
      provider: 'endpoints that only its metadata knows',
      verdict: 'accept',
      also: ({ provider }) => assert.ok(provider.counts.discovery > 0),
    },
    '-discovery-jwks-uri-keys': {
      provider: 'keys at an address that only its metadata knows',
      verdict: 'accept',
      also: ({ provider }) => assert.ok(provider.counts.keys > 0),
    },
    '-discovery-issuer-mismatch': mismatchModule,
    '-idtoken-sig-none': unsignedModule,
    '-signing-key-rotation-just-before-signing': {
      provider: 'new keys between its answer to the browser and the token',
      verdict: 'accept',
      faults: (provider) => ({ callback: () => provider.rotateKeys() }),
    },
  });

  test('oidcc-client-test-signing-key-rotation: new keys before the second sign-in: accept', async (t) => {
    const given = await startCase(t);
    await assertAccepted(given, await visit(given));
    given.provider.rotateKeys();
    await assertAccepted(given, await visit(given));
  });
});

describe('oidcc-client-test-plan, additional modules', () => {
  tests('oidcc-client-test', {
    '-missing-aud': { provider: 'no audience', verdict: 'reject', faults: missing('aud') },
    '-invalid-sig-hs256': {
      provider: 'HS256 with the client secret, which its metadata lists',
      verdict: 'reject',
      faults: algorithm('HS256', (input, secret) =>
        createHmac('sha256', secret).update(input).digest(),
      ),
    },
    '-invalid-sig-es256': {
      provider: 'ES256 with another key',
      verdict: 'reject',
      faults: algorithm('ES256', (input) => {
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        return sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      }),
    },
    '-aggregated-claims': {
      provider: 'claims inside another token, which is not opened',
      verdict: 'accept',
      faults: changed((claims) => ({
        ...claims,
        _claim_names: { address: 'src1' },
        _claim_sources: { src1: { JWT: 'e30.e30.' } },
      })),
    },
    '-distributed-claims': {
      provider: 'an address for more claims, which is not followed',
      verdict: 'accept',
      faults: ({ origin }) => ({
        claims: (claims) => ({
          ...claims,
          _claim_names: { address: 'src1' },
          _claim_sources: { src1: { endpoint: `${origin}/claims`, access_token: 'x' } },
        }),
      }),
      also: ({ provider }) => assert.equal(provider.counts.other, 0),
    },
  });
});

/** An application that calls the provider's API, and a signed-in browser. */
async function startApiCase(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const given = await startCase(t, {
    application: async (app, request, response) => {
      response.end(await app.accessToken(request));
    },
  });
  const result = await visit(given);
  await assertAccepted(given, result);
  const { browser } = result;
  return {
    given,
    browser,
    token: async () => (await browser.get('/call-the-api')).body,
    /** After the access token has expired. */
    later: () => t.mock.timers.setTime(Date.now() + 301_000),
  };
}

describe('oidcc-client-refreshtoken-test-plan', () => {
  test('oidcc-client-test-refresh-token: new tokens for a refresh token: accept', async (t) => {
    const { given, token, later } = await startApiCase(t);
    const first = await token();
    assert.ok(given.provider.isNewestAccessToken(first));
    later();
    const second = await token();
    assert.notEqual(second, first);
    assert.ok(given.provider.isNewestAccessToken(second));
    assert.equal(given.provider.counts.refresh, 1);
    assert.deepEqual(given.provider.complaints, []);
  });

  test('oidcc-client-test-refresh-token-invalid-issuer: a wrong issuer in the refreshed ID token: reject', async (t) => {
    const { given, browser, token, later } = await startApiCase(t);
    given.provider.faults = appended('iss')();
    later();
    assert.equal(await token(), 'id_token_refused');
    given.provider.faults = {};
    assert.match(await token(), /^marker-access-token/);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('oidcc-client-test-refresh-token-invalid-sub: another subject in the refreshed ID token: reject', async (t) => {
    const { given, browser, token, later } = await startApiCase(t);
    given.provider.faults = appended('sub')();
    later();
    assert.equal(await token(), 'subject_mismatch');
    given.provider.faults = {};
    assert.equal(await token(), 'not_signed_in');
    assert.equal((await browser.get('/auth/token_details')).status, 401);
    assert.equal(given.provider.counts.refresh, 1);
  });
});

/** The request of the provider's frame, without the cookies of a page. */
const logoutFrame = ({ provider, browser: create }: Case, sid: string) =>
  create().get(`/auth/front_channel_logout?${new URLSearchParams({ iss: provider.issuer, sid })}`, {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-dest': 'iframe',
    referer: `${provider.origin}/`,
  });

const withSid = (): Faults => ({ claims: (claims) => ({ ...claims, sid: 'a-session-there' }) });

describe('oidcc-client-rp-initiated-logout-rp-basic', () => {
  const rows: [string, string, (parameters: URLSearchParams) => void][] = [
    ['', 'gives back the state that it got', () => {}],
    ['-other-state', 'gives back another state', (all) => all.set('state', 'another')],
    ['-no-state', 'gives back no state', (all) => all.delete('state')],
  ];
  for (const [name, provider, postSignOut] of rows) {
    test(`oidcc-client-test-rp-init-logout${name}: ${provider}: accept`, async (t) => {
      const given = await startCase(t);
      const { browser } = await visit(given);
      given.provider.faults = { postSignOut };
      const leaving = await browser.post('/auth/sign_out');
      // The local session has ended already, even if the browser does not follow the redirect.
      assert.equal((await browser.get('/auth/token_details')).status, 401);
      const back = given.provider.endSession(endSessionAddressIn(leaving.body).href);
      const page = await browser.get(back);
      assert.equal(page.status, 200);
      assert.match(page.body, /You are signed out/);
      assert.deepEqual(given.provider.complaints, []);
      await assertAlive(given);
    });
  }

  test('oidcc-client-test-rp-init-logout, after a refresh: the hint is the newest ID token', async (t) => {
    const { given, browser, token, later } = await startApiCase(t);
    later();
    await token();
    const url = endSessionAddressIn((await browser.post('/auth/sign_out')).body);
    const hint = url.searchParams.get('id_token_hint') ?? '';
    const claims = JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString());
    assert.equal(claims.iat, Math.floor(Date.now() / 1000));
    given.provider.endSession(url.href);
    assert.deepEqual(given.provider.complaints, []);
  });
});

describe('oidcc-client-front-channel-logout-rp-basic', () => {
  test('oidcc-client-test-rp-frontchannel-rpinitlogout: a frame while this application signs out: accept', async (t) => {
    const given = await startCase(t, { faults: withSid });
    const { browser } = await visit(given);
    const other = await visit(given);
    const leaving = await browser.post('/auth/sign_out');
    const frame = await logoutFrame(given, 'a-session-there');
    assert.equal(frame.status, 200);
    const back = given.provider.endSession(endSessionAddressIn(leaving.body).href);
    assert.equal((await browser.get(back)).status, 200);
    assert.equal((await other.browser.get('/auth/token_details')).status, 401);
    await assertAlive(given);
  });

  test('oidcc-client-test-rp-frontchannel-opinitlogout: a frame without a sign-out here: accept', async (t) => {
    const given = await startCase(t, { faults: withSid });
    const { browser } = await visit(given);
    const frame = await logoutFrame(given, 'a-session-there');
    assert.equal(frame.status, 200);
    const policy = String(frame.headers['content-security-policy']);
    assert.match(policy, new RegExp(`frame-ancestors ${given.provider.origin}$`));
    assert.equal(frame.headers['x-frame-options'], undefined);
    assert.equal((await browser.get('/auth/token_details')).status, 401);
    await assertAlive(given);
  });
});

describe('fapi2-security-profile-final-client-test-plan, modules that apply without PAR and DPoP', () => {
  const namingItself =
    (callback: (parameters: URLSearchParams) => void) =>
    (provider: FaultyProvider): Faults => {
      provider.namesItself = true;
      return { callback };
    };
  const token = (change: (answer: Json) => Json) => (): Faults => ({ token: change });

  tests('fapi2-security-profile-final-client-test-', {
    'happy-path': {
      provider: 'behaves, and names itself in the response',
      verdict: 'accept',
      faults: namingItself((parameters) => assert.ok(parameters.has('iss'))),
    },
    'happy-path-no-dpop-nonce': {
      provider:
        'behaves, and speaks of DPoP, which this relying party does not use, without a nonce',
      verdict: 'accept',
      faults: () => ({
        metadata: (metadata) => ({ ...metadata, dpop_signing_alg_values_supported: ['PS256'] }),
      }),
    },
    'rs-dpop-auth-scheme-case-insensitivity': {
      provider: 'a scheme in odd letter case at a resource, which this relying party never asks',
      verdict: 'accept',
      faults: () => ({
        wire: {
          token(response, body) {
            response.setHeader('www-authenticate', 'dPoP algs="PS256"');
            sendJson(response, body);
          },
        },
      }),
      also: ({ provider }) => assert.equal(provider.counts.userinfo + provider.counts.other, 0),
    },
    'discovery-issuer-mismatch': mismatchModule,
    'ensure-authorization-response-with-invalid-state-fails': {
      provider: 'a changed state',
      verdict: 'reject before the wire',
      faults: () => ({
        callback: (parameters) => parameters.set('state', `${parameters.get('state')}1`),
      }),
    },
    'ensure-authorization-response-with-invalid-missing-state-fails': {
      provider: 'no state',
      verdict: 'reject before the wire',
      faults: () => ({ callback: (parameters) => parameters.delete('state') }),
    },
    'invalid-authorization-response-iss': {
      provider: 'another issuer in the response',
      verdict: 'reject before the wire',
      faults: namingItself((parameters) => parameters.set('iss', `${parameters.get('iss')}1`)),
    },
    'invalid-authorization-response-iss, unpromised': {
      provider: 'another issuer in the response, of which its metadata says nothing',
      verdict: 'reject before the wire',
      faults: ({ issuer }) => ({
        callback: (parameters) => parameters.set('iss', `${issuer}1`),
      }),
    },
    'invalid-authorization-response-iss, with an error': {
      provider: 'another issuer in a response that says "Cancel"',
      verdict: 'reject before the wire',
      faults: ({ issuer }) => ({
        callback(parameters) {
          parameters.delete('code');
          parameters.set('error', 'access_denied');
          parameters.set('error_description', 'AADB2C90091: The user has cancelled.');
          parameters.set('iss', `${issuer}1`);
        },
      }),
    },
    'remove-authorization-response-iss': {
      provider: 'no issuer in the response although its metadata promises one',
      verdict: 'reject before the wire',
      faults: namingItself((parameters) => parameters.delete('iss')),
    },
    'invalid-aud': { provider: 'a wrong audience', verdict: 'reject', faults: appended('aud') },
    'invalid-missing-aud': { provider: 'no audience', verdict: 'reject', faults: missing('aud') },
    'invalid-iss': { provider: 'a wrong issuer', verdict: 'reject', faults: appended('iss') },
    'invalid-missing-iss': { provider: 'no issuer', verdict: 'reject', faults: missing('iss') },
    'invalid-missing-exp': { provider: 'no end', verdict: 'reject', faults: missing('exp') },
    'invalid-expired-exp': {
      provider: 'an end of an hour ago',
      verdict: 'reject',
      faults: changed((claims) => ({ ...claims, exp: Number(claims['iat']) - 3_600 })),
    },
    'invalid-secondary-aud': {
      provider: 'a second audience',
      verdict: 'reject',
      faults: changed((claims) => ({ ...claims, aud: [claims['aud'], 'somebody-else'] })),
    },
    'invalid-secondary-aud, with azp': {
      provider: 'a second audience, and this application as the authorized party',
      verdict: 'reject',
      faults: changed((claims) => ({
        ...claims,
        aud: [claims['aud'], 'somebody-else'],
        azp: claims['aud'],
      })),
    },
    'valid-aud-as-array': {
      provider: 'the audience as a list of one',
      verdict: 'accept',
      faults: changed((claims) => ({ ...claims, aud: [claims['aud']] })),
    },
    'invalid-nonce': { provider: 'a wrong nonce', verdict: 'reject', faults: appended('nonce') },
    'invalid-missing-nonce': { provider: 'no nonce', verdict: 'reject', faults: missing('nonce') },
    'invalid-null-alg': unsignedModule,
    'invalid-alternate-alg': {
      provider: 'PS256, rightly signed and listed in its metadata',
      verdict: 'reject',
      faults: ({ signingKey }) => ({
        header: (header) => ({ ...header, alg: 'PS256' }),
        signature: (input) =>
          sign('sha256', Buffer.from(input), {
            key: signingKey.privateKey,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: 32,
          }),
      }),
    },
    'token-type-case-insensitivity': {
      provider: 'a token type in odd letter case',
      verdict: 'accept',
      faults: token((answer) => ({ ...answer, token_type: 'bEARER' })),
    },
    'token-endpoint-response-without-expires_in': {
      provider: 'an access token without an end',
      verdict: 'accept',
      faults: token(({ expires_in: _, ...answer }) => answer),
    },
  });

  test('fapi2-security-profile-final-client-test-refresh-token-test: an API that requires the token of the second refresh, with refresh token rotation: accept', async (t) => {
    const { given, token, later } = await startApiCase(t);
    const tokens = [await token()];
    for (let i = 0; i < 2; i += 1) {
      later();
      tokens.push(await token());
    }
    assert.equal(new Set(tokens).size, 3);
    assert.ok(given.provider.isNewestAccessToken(tokens[2] ?? ''));
    assert.equal(given.provider.counts.refresh, 2);
    // Among others: each refresh token was used once, and always the newest one.
    assert.deepEqual(given.provider.complaints, []);
  });
});
