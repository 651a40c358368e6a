import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  claimsOf,
  errorOf,
  requestToken,
  startEmulator,
  TENANT_ID,
  CLIENT_ID as WEB,
} from '../support.js';
import {
  claims,
  exchange,
  handler,
  metadata,
  ownPolicy,
  SIGN_UP_OR_SIGN_IN,
} from './own-policy.js';

const API = 'f0b6e55f-0000-4000-8000-00000000a002';
const SCOPE = 'https://fabrikamb2c.onmicrosoft.com/tasks-api/.default';

/** The journey of an application's own token: `Setup` as in the documentation, then `Add`. */
async function start(t: TestContext, added: string) {
  const steps = exchange(1, 'Setup') + exchange(2, 'Add');
  const { folder } = ownPolicy(t, {
    claims: { credentials: 'string', caller: 'string', tenantId: 'string' },
    profiles: `<TechnicalProfile Id="Setup"><DisplayName>Setup</DisplayName><Protocol Name="None" />
        ${claims('Output', 'credentials DefaultValue="client" AlwaysUseDefaultValue="true"')}</TechnicalProfile>
      ${added}`,
    issuer: { ClientCredentialsUserJourneyId: 'Machine' },
    steps: SIGN_UP_OR_SIGN_IN,
    journeys: `<UserJourney Id="Machine"><OrchestrationSteps>${steps}
      <OrchestrationStep Order="3" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer" />
    </OrchestrationSteps></UserJourney>`,
    token: [
      'objectId PartnerClaimType="sub"',
      'credentials DefaultValue="none"',
      'caller DefaultValue="none"',
      'tenantId PartnerClaimType="tid" DefaultValue="{Policy:TenantObjectId}" AlwaysUseDefaultValue="true"',
    ],
  });
  const emulator = await startEmulator(t, { customPolicies: { folder } });
  const request = (more: Record<string, string | undefined> = {}, headers = {}) =>
    requestToken(
      emulator,
      'B2C_1A_Own',
      {
        grant_type: 'client_credentials',
        scope: SCOPE,
        redirect_uri: undefined,
        ...more,
      },
      headers,
    );
  return { emulator, request };
}

const ADDED = `<TechnicalProfile Id="Add"><DisplayName>Add</DisplayName>${handler('ClaimsTransformationProtocolProvider')}
  ${metadata({ IncludeClaimResolvingInClaimsHandling: 'true' })}
  ${claims('Output', 'caller DefaultValue="{OIDC:ClientId}" AlwaysUseDefaultValue="true"')}</TechnicalProfile>`;

describe('the journey of ClientCredentialsUserJourneyId', () => {
  test('adds claims to the token of an application', async (t) => {
    const { request } = await start(t, ADDED);
    const { status, body } = await request();
    assert.equal(status, 200);
    const { aud, azp, tid, credentials, caller, sub } = claimsOf(body['access_token']);
    assert.deepEqual(
      { aud, azp, tid, credentials, caller },
      { aud: API, azp: WEB, tid: TENANT_ID, credentials: 'client', caller: WEB },
    );
    assert.match(String(sub), /^[\da-f-]{36}$/);
  });

  test('knows the application that authenticates with a header', async (t) => {
    const { request } = await start(t, ADDED);
    const authorization = `Basic ${Buffer.from(`${WEB}:emulator-secret`).toString('base64')}`;
    const { body } = await request(
      { client_id: undefined, client_secret: undefined },
      { authorization },
    );
    assert.equal(claimsOf(body['access_token'])['caller'], WEB);
  });

  test('does not run for a scope that names no API', async (t) => {
    const { request, emulator } = await start(t, ADDED);
    const { body } = await request({ scope: 'openid' });
    assert.match(errorOf(body), /AADB2C90117/);
    const traces = await (await fetch(`${emulator.url}/_emulator/traces`)).json();
    assert.deepEqual(traces, { traces: [] });
  });

  test('can refuse the token', async (t) => {
    const remote = `<TechnicalProfile Id="Add"><DisplayName>Add</DisplayName>${handler('RestfulProvider')}
      ${metadata({ ServiceUrl: 'https://api.example.com/', AuthenticationType: 'None', SendClaimsIn: 'Body', AllowInsecureAuthInProduction: 'true' })}
      ${claims('Output', 'caller')}</TechnicalProfile>`;
    const { request } = await start(t, remote);
    const { status, body } = await request();
    assert.deepEqual([status, errorOf(body)], [400, 'access_denied AADB2C90037']);
  });
});
