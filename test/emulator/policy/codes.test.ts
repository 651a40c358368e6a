import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { callRest } from '../../../dist/emulator/policy/call-rest.js';
import { ClaimsError } from '../../../dist/emulator/policy/claims-error.js';
import { runHandler } from '../../../dist/emulator/policy/handlers/handlers.js';
import type { JourneyRun, Outputs } from '../../../dist/emulator/policy/run.js';
import type { Handler, TechnicalProfile } from '../../../dist/emulator/policy/technical-profile.js';
import { traceProfile } from '../../../dist/emulator/policy/trace-profile.js';
import { addAccount } from '../../../dist/emulator/state/accounts.js';
import { encodeJson, encodeJwt, hs256 } from '../../../dist/emulator/tokens/jwt.js';
import { totpAt } from '../../../dist/emulator/tokens/totp.js';
import { createRun, createTenant, ORIGIN } from './journey-run.js';

const sourced = <Value>(value: Value) => ({ ...ORIGIN, value });

function createProfile(
  handler: Handler,
  metadata: Record<string, string>,
  more: Partial<TechnicalProfile> = {},
): TechnicalProfile {
  const none = { displayName: undefined, domain: undefined, protocol: undefined };
  return {
    ...ORIGIN,
    ...none,
    id: 'Profile',
    handler,
    inputTokenFormat: undefined,
    outputTokenFormat: undefined,
    metadata: new Map(Object.entries(metadata).map(([key, value]) => [key, sourced(value)])),
    keys: new Map(),
    includeInSso: true,
    contentDefinition: undefined,
    inputClaimsTransformations: [],
    inputClaims: [],
    displayClaims: [],
    persistedClaims: [],
    outputClaims: [],
    outputClaimsTransformations: [],
    validationProfiles: [],
    subjectNamingInfo: undefined,
    sessionProvider: undefined,
    enabledForUserJourneys: undefined,
    ...more,
  };
}

const output = (id: string, isRequired = false) => ({
  ...ORIGIN,
  claimType: {
    ...{ ...ORIGIN, id, dataType: undefined, displayName: undefined, userHelpText: undefined },
    ...{ adminHelpText: undefined, userInputType: undefined, mask: undefined, pattern: undefined },
    ...{ enumeration: [], predicateValidation: undefined, partnerClaimTypes: new Map() },
  },
  ...{
    partnerClaimType: undefined,
    defaultValue: undefined,
    alwaysUseDefaultValue: false,
    isRequired,
  },
});

/** A run whose clock the test moves. */
function start(changes: Partial<JourneyRun> = {}, fixedVerificationCode?: string) {
  const clock = { now: Date.parse('2026-03-05T13:00:00Z') };
  const tenant = createTenant({ now: () => clock.now, fixedVerificationCode });
  const run = createRun({ tenant, ...changes });
  const call = async (
    profile: TechnicalProfile,
    inputs: Record<string, string> = {},
  ): Promise<Outputs> =>
    runHandler({
      ...{
        run,
        bag: run.bag,
        messages: profile,
        profile,
        trace: traceProfile(profile, 'exchange'),
      },
      inputs: new Map(Object.entries(inputs).map(([name, value]) => [name.toLowerCase(), value])),
    });
  return { run, tenant, clock, call };
}

/** ID of the message that the profile refuses with; `undefined` if it does not refuse. */
async function refusal(call: Promise<Outputs>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof ClaimsError)) throw error;
    return error.messageId;
  }
}

describe('one-time passwords', () => {
  const generate = (metadata: Record<string, string> = {}) =>
    createProfile('one-time-password', { Operation: 'GenerateCode', ...metadata });
  const verify = createProfile('one-time-password', { Operation: 'VerifyCode' });
  const identifier = 'ada@example.com';
  const check = (otpToVerify: string) => ({ identifier, otpToVerify });

  async function withCode(metadata: Record<string, string> = {}) {
    const started = start();
    const outputs = await started.call(generate(metadata), { identifier });
    return { ...started, code: String(outputs.get('otpgenerated')) };
  }

  test('a code has six digits and is valid once', async () => {
    const { call, code } = await withCode();
    assert.match(code, /^\d{6}$/);
    assert.equal(await refusal(call(verify, check(` ${code} `))), undefined);
    assert.equal(await refusal(call(verify, check(code))), 'UserMessageIfSessionDoesNotExist');
  });

  test('is in the mailbox, for tests without a mail service', async () => {
    const { tenant, code } = await withCode();
    assert.deepEqual(
      tenant.mailbox.map((message) => [message.email, message.code]),
      [[identifier, code]],
    );
  });

  test('has the length and the characters of the policy', async () => {
    const { code } = await withCode({ CodeLength: '40', CharacterSet: 'a-fA-F' });
    assert.match(code, /^[a-fA-F]{40}$/);
  });

  test('a set of fewer than ten characters ends the journey', async () => {
    await assert.rejects(withCode({ CharacterSet: '0-8' }), { name: 'JourneyError' });
  });

  test('a code belongs to its identifier', async () => {
    const { call, code } = await withCode();
    const inputs = { identifier: 'bob@example.com', otpToVerify: code };
    assert.equal(await refusal(call(verify, inputs)), 'UserMessageIfSessionDoesNotExist');
    assert.equal(
      await refusal(call(verify, { ...check(code), identifier: 'ADA@example.com' })),
      undefined,
    );
  });

  /** Metadata, seconds, whether the code is still valid. */
  const lifetimes: [string, number, boolean][] = [
    ['600', 599, true],
    ['600', 600, false],
    ['1', 59, true],
    ['1', 60, false],
    ['9999', 1199, true],
    ['9999', 1200, false],
  ];
  for (const [seconds, later, isValid] of lifetimes) {
    test(`a code for ${seconds} seconds is ${isValid ? 'valid' : 'invalid'} after ${later}`, async () => {
      const { call, clock, code } = await withCode({ CodeExpirationInSeconds: seconds });
      clock.now += later * 1000;
      const expected = isValid ? undefined : 'UserMessageIfSessionDoesNotExist';
      assert.equal(await refusal(call(verify, check(code))), expected);
    });
  }

  test('too many wrong codes make the code invalid, and block new ones until it expires', async () => {
    const { call, clock, code } = await withCode({ NumRetryAttempts: '2' });
    assert.equal(await refusal(call(verify, check('x'))), 'UserMessageIfInvalidCode');
    assert.equal(await refusal(call(verify, check('x'))), 'UserMessageIfMaxRetryAttempted');
    assert.equal(await refusal(call(verify, check(code))), 'UserMessageIfMaxRetryAttempted');
    assert.equal(await refusal(call(generate(), { identifier })), 'UserMessageIfMaxRetryAttempted');
    clock.now += 600_000;
    assert.equal(await refusal(call(generate(), { identifier })), undefined);
  });

  test('the page can have the text for another attempt', async () => {
    const { call } = await withCode();
    const id = 'UserMessageIfVerificationFailedRetryAllowed';
    const profile = createProfile('one-time-password', { Operation: 'VerifyCode', [id]: 'again' });
    assert.equal(await refusal(call(profile, check('x'))), id);
  });

  test('the number of codes is limited', async () => {
    const { call } = await withCode({ NumCodeGenerationAttempts: '2' });
    const again = () => refusal(call(generate({ NumCodeGenerationAttempts: '2' }), { identifier }));
    assert.equal(await again(), undefined);
    assert.equal(await again(), 'UserMessageIfMaxNumberOfCodeGenerated');
  });

  test('ReuseSameCode sends the same code and extends it', async () => {
    const { call, clock, code } = await withCode();
    clock.now += 500_000;
    const again = await call(generate({ ReuseSameCode: 'true' }), { identifier });
    assert.equal(again.get('otpgenerated'), code);
    clock.now += 500_000;
    assert.equal(await refusal(call(verify, check(code))), undefined);
  });

  test('a tenant with a fixed code uses it', async () => {
    const { call } = start({}, '123456');
    assert.equal((await call(generate(), { identifier })).get('otpgenerated'), '123456');
  });
});

describe('the verification of email addresses', () => {
  const send = createProfile('email-verification', { Operation: 'SendCode' });
  const verify = createProfile('email-verification', { Operation: 'VerifyCode' });
  const emailAddress = 'ada@example.com';

  async function sent() {
    const started = start();
    await started.call(send, { emailAddress });
    const check = (verificationCode: string) =>
      refusal(started.call(verify, { emailAddress, verificationCode }));
    return { ...started, check, code: started.tenant.mailbox[0]?.code ?? '' };
  }

  test('mails a code that is valid once', async () => {
    const { check, code } = await sent();
    assert.match(code, /^\d{6}$/);
    assert.equal(await check(code), undefined);
    assert.equal(await check(code), 'UserMessageIfChallengeExpired');
  });

  test('refuses a wrong code, then every code', async () => {
    const { check, code } = await sent();
    for (let attempt = 1; attempt < 5; attempt += 1) {
      assert.equal(await check('x'), 'UserMessageIfVerificationFailedRetryAllowed');
    }
    assert.equal(await check('x'), 'UserMessageIfVerificationFailedNoRetry');
    assert.equal(await check(code), 'UserMessageIfVerificationFailedNoRetry');
  });

  test('refuses an expired code', async () => {
    const { check, code, clock } = await sent();
    clock.now += 20 * 60_000;
    assert.equal(await check(code), 'UserMessageIfChallengeExpired');
  });

  test('needs an address', async () => {
    assert.equal(await refusal(start().call(send, {})), 'UserMessageIfInternalError');
  });
});

describe('Azure MFA by SMS', () => {
  const send = createProfile('azure-mfa', { Operation: 'OneWaySMS' });
  const verify = createProfile('azure-mfa', { Operation: 'Verify' });
  const phoneNumber = '+49 (151) 234-5678';

  test('sends a code that is valid once', async () => {
    const { call, tenant } = start();
    await call(send, { phoneNumber });
    assert.equal(tenant.mailbox[0]?.email, '+491512345678');
    const inputs = {
      phoneNumber: '+491512345678',
      verificationCode: tenant.mailbox[0]?.code ?? '',
    };
    assert.equal(await refusal(call(verify, inputs)), undefined);
    assert.equal(await refusal(call(verify, inputs)), 'UserMessageIfServerError');
  });

  test('refuses wrong codes and numbers', async () => {
    const { call } = start();
    for (const wrong of ['', '0151 2345678', 'call me']) {
      assert.equal(await refusal(call(send, { phoneNumber: wrong })), 'UserMessageIfInvalidFormat');
    }
    await call(send, { phoneNumber });
    const check = () => refusal(call(verify, { phoneNumber, verificationCode: 'x' }));
    for (let attempt = 1; attempt < 5; attempt += 1) {
      assert.equal(await check(), 'UserMessageIfWrongCodeEntered');
    }
    assert.equal(await check(), 'UserMessageIfMaxAllowedCodeRetryReached');
  });

  test('an unknown operation ends the journey', async () => {
    const profile = createProfile('azure-mfa', { Operation: 'Fax' });
    await assert.rejects(start().call(profile), { name: 'JourneyError' });
  });
});

describe('Azure MFA with an authenticator app', () => {
  const operation = (Operation: string) => createProfile('azure-mfa', { Operation });
  const SECRET = 'JBSWY3DPEHPK3PXP';

  function withAccount() {
    const started = start();
    const account = addAccount(started.tenant.accounts, { email: 'ada@example.com' });
    const ids = { objectId: account.oid };
    const devices = async (inputs: Record<string, string> = ids) =>
      (await started.call(operation('GetAvailableDevices'), inputs)).get(
        'numberofavailabledevices',
      );
    const code = (secret = SECRET) => totpAt(secret, started.clock.now);
    return { ...started, account, ids, devices, code };
  }

  test('registers the app with its first code, and accepts it from then on', async () => {
    const { call, ids, devices, code, account } = withAccount();
    assert.equal(await devices(), 0);
    await call(operation('BeginVerifyOTP'), { ...ids, secretKey: SECRET });
    assert.equal(await refusal(call(operation('VerifyOTP'), { otpCode: code() })), undefined);
    assert.equal(account.totpSecret, SECRET);
    assert.equal(await devices(), 1);
    assert.equal(await devices({ userPrincipalName: `${account.oid}@contoso.onmicrosoft.com` }), 1);
    await call(operation('BeginVerifyOTP'), { ...ids, secretKey: 'GEZDGNBVGY3TQOJQ' });
    const other = call(operation('VerifyOTP'), { otpCode: code('GEZDGNBVGY3TQOJQ') });
    assert.equal(await refusal(other), 'UserMessageIfWrongCodeEntered');
    assert.equal(await refusal(call(operation('VerifyOTP'), { otpCode: code() })), undefined);
  });

  test('verifies without a beginning if the inputs have user and secret', async () => {
    const { call, ids, code, account } = withAccount();
    const inputs = { ...ids, secretKey: SECRET, otpCode: code() };
    assert.equal(await refusal(call(operation('VerifyOTP'), inputs)), undefined);
    assert.equal(account.totpSecret, SECRET);
  });

  test('refuses wrong codes, then every code', async () => {
    const { call, ids, code, account } = withAccount();
    await call(operation('BeginVerifyOTP'), { ...ids, secretKey: SECRET });
    const check = (otpCode: string) => refusal(call(operation('VerifyOTP'), { otpCode }));
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      assert.equal(await check('x'), 'UserMessageIfWrongCodeEntered');
    }
    assert.equal(await check(code()), 'UserMessageIfMaxAllowedCodeRetryReached');
    assert.equal(account.totpSecret, undefined);
  });

  test('needs a user', async () => {
    const { call, code } = withAccount();
    const inputs = { objectId: 'unknown', secretKey: SECRET, otpCode: code() };
    assert.equal(await refusal(call(operation('VerifyOTP'), inputs)), 'UserMessageIfServerError');
  });
});

test('the journey context gives facts about the request', async () => {
  const outputClaims = ['IP-Address', 'CorrelationId', 'Unknown'].map((id) => output(id));
  const outputs = await start().call(createProfile('journey-context', {}, { outputClaims }));
  assert.deepEqual(Object.fromEntries(outputs), {
    'ip-address': '192.0.2.7',
    correlationid: 'c0ffee00-0000-4000-8000-000000000000',
  });
});

describe('id_token_hint', () => {
  const NOW = Math.floor(Date.parse('2026-03-05T13:00:00Z') / 1000);
  const METADATA = { issuer: 'https://localhost', IdTokenAudience: 'policy' };
  const CLAIMS = {
    iss: 'https://localhost',
    aud: 'policy',
    nbf: NOW,
    exp: NOW + 60,
    userId: 'ada',
    level: 3,
  };
  const keys = new Map([['client_secret', sourced('B2C_1A_HintKey')]]);
  const symmetric = createProfile('none', METADATA, { keys, outputClaims: [output('userId')] });
  const signed = (claims: object, secret = 'b2c_1a_hintkey') =>
    encodeJwt({
      header: { alg: 'HS256' },
      claims: { ...claims },
      sign: (input) => hs256(input, secret),
    });

  const read = (profile: TechnicalProfile, hint?: string, fetchRest = createTenant().fetchRest) => {
    const { request } = createRun();
    const parameters = new Map(hint === undefined ? [] : [['id_token_hint', hint]]);
    const tenant = createTenant({ now: () => NOW * 1000, fetchRest });
    return start({ tenant, request: { ...request, parameters } }).call(profile);
  };
  const codeOf = async (call: Promise<Outputs>) => {
    const error = await call.then(
      () => undefined,
      (thrown: ClaimsError) => thrown,
    );
    return error?.code;
  };

  test('gives its claims', async () => {
    const outputs = await read(symmetric, signed(CLAIMS));
    assert.deepEqual(Object.fromEntries(outputs), { userid: 'ada', level: 3 });
  });

  const rows: [string, string, string][] = [
    ['of another issuer', signed({ ...CLAIMS, iss: 'https://other' }), 'AADB2C90232'],
    ['for another audience', signed({ ...CLAIMS, aud: 'other' }), 'AADB2C90209'],
    ['that has expired', signed({ ...CLAIMS, exp: NOW }), 'AADB2C90208'],
    ['that is not valid yet', signed({ ...CLAIMS, nbf: NOW + 600 }), 'AADB2C90208'],
    ['that another key signed', signed(CLAIMS, 'other'), 'AADB2C90233'],
    ['that is no token', 'x', 'AADB2C90210'],
  ];
  for (const [title, hint, code] of rows) {
    test(`ends the journey: a hint ${title}`, async () => {
      assert.equal(await codeOf(read(symmetric, hint)), code);
    });
  }

  test('may be missing, unless an output claim is required', async () => {
    assert.equal((await read(symmetric)).size, 0);
    const required = { ...symmetric, outputClaims: [output('userId', true)] };
    assert.equal(await codeOf(read(required)), 'AADB2C90272');
  });

  test('is not read by a profile without a key and an issuer', async () => {
    const profile = createProfile('none', {}, { outputClaims: [output('userId')] });
    assert.equal((await read(profile, signed(CLAIMS))).size, 0);
  });

  describe('with the keys that its issuer publishes', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rs256 = (claims: object, kid = 'k1', alg = 'RS256') => {
      const input = `${encodeJson({ alg, kid })}.${encodeJson(claims)}`;
      return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
    };

    async function publish(t: TestContext) {
      const server = http.createServer(({ url }, response) => {
        const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }] };
        const document = { issuer: 'https://localhost', jwks_uri: `${base}/keys` };
        const found = url === '/metadata' ? document : url === '/keys' ? jwks : undefined;
        response.writeHead(found ? 200 : 404).end(JSON.stringify(found));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      t.after(() => server.close().closeAllConnections());
      return (hint: string, path = '/metadata', more: Record<string, string> = {}) => {
        const profile = createProfile(
          'none',
          { METADATA: base + path, ...more },
          { outputClaims: [output('userId')] },
        );
        return read(profile, hint, (request) => callRest(request, {}));
      };
    }

    test('gives its claims', async (t) => {
      const readPublished = await publish(t);
      assert.equal((await readPublished(rs256(CLAIMS))).get('userid'), 'ada');
    });

    test('ends the journey if a check fails', async (t) => {
      const readPublished = await publish(t);
      const code = (hint: string, more = {}) => codeOf(readPublished(hint, '/metadata', more));
      assert.equal(await code(rs256({ ...CLAIMS, iss: 'https://other' })), 'AADB2C90232');
      assert.equal(await code(rs256(CLAIMS), { issuer: 'https://other' }), 'AADB2C90232');
      assert.equal(await code(rs256(CLAIMS), { IdTokenAudience: 'other' }), 'AADB2C90209');
      assert.equal(await code(rs256({ ...CLAIMS, exp: NOW })), 'AADB2C90208');
      assert.equal(await code(rs256(CLAIMS, 'k2')), 'AADB2C90233');
      assert.equal(await code(rs256(CLAIMS).slice(0, -4)), 'AADB2C90233');
      assert.equal(await code(rs256(CLAIMS, 'k1', 'none')), 'AADB2C90210');
    });

    test('ends the journey if the issuer publishes no keys', async (t) => {
      const readPublished = await publish(t);
      await assert.rejects(readPublished(rs256(CLAIMS), '/missing'), { name: 'JourneyError' });
    });
  });
});
