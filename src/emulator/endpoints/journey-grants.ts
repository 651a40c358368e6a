/** Grants that a journey of a custom policy decides: refresh tokens and passwords. */
import { randomUUID } from 'node:crypto';
import type { JourneyFailure } from '../policy/outcome.ts';
import type { Policy } from '../policy/policy.ts';
import type { Grant } from '../state/grants.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { requireParameter } from '../tokens/grant-checks.ts';
import { parseScope } from '../tokens/scopes.ts';
import { findIssuerJourney, findRefreshJourney, runHeadless } from './headless-run.ts';
import { describeRequest } from './journey-request.ts';
import { findCustomPolicy, type LocalTenant } from './local-tenant.ts';
import type { GrantRequest } from './token-request.ts';

/** A journey has refused the grant, with an error of its policy. */
export class JourneyRefusal extends Error {
  readonly error: string;

  constructor(error: string, { code, message }: JourneyFailure) {
    super(`${code}: ${message}`);
    this.name = 'JourneyRefusal';
    this.error = error;
  }
}

/** Runs the refresh journey. A policy without one repeats the claims of the sign-in. */
export async function refreshRun(
  tenant: LocalTenant,
  request: GrantRequest & { model: Policy; grant: Grant; issuedAt: number },
): Promise<Grant> {
  const { model, grant, issuedAt } = request;
  const journey = findRefreshJourney(model);
  if (!journey) return grant;
  const { outcome, run } = await runHeadless(tenant, {
    ...{ model, journey, request: describeRequest(request) },
    presented: {
      ...grant.journeyClaims,
      refreshTokenIssuedOnDateTime: new Date(issuedAt).toISOString(),
    },
  });
  if (outcome.kind === 'error') throw new JourneyRefusal('invalid_grant', outcome);
  return { ...grant, userClaims: outcome.claims, journeyClaims: withNew(grant, run.bag) };
}

// The next refresh starts with the claims of the sign-in, as far as this journey did not change them.
const withNew = ({ journeyClaims }: Grant, bag: Iterable<[string, unknown]>) => ({
  ...journeyClaims,
  ...Object.fromEntries(bag),
});

// B2C has one error for every reason why a name and a password do not sign in.
const WRONG_CREDENTIALS = ['AADB2C90053', 'AADB2C90054', 'AADB2C90114'];

/** Resource owner password credentials: a journey without pages. */
export async function passwordRun(
  tenant: LocalTenant,
  request: GrantRequest & { model: Policy },
): Promise<Grant> {
  const { parameters, policy, client, model } = request;
  requireParameter(parameters, 'username');
  requireParameter(parameters, 'password');
  const scope = parseScope(
    requireParameter(parameters, 'scope'),
    client,
    tenant.definition.applications,
  );
  const journey = model.relyingParty.defaultUserJourney;
  const { outcome, run } = await runHeadless(tenant, {
    ...{ model, journey, request: describeRequest(request) },
  });
  if (outcome.kind === 'error') {
    if (WRONG_CREDENTIALS.includes(outcome.code)) throw new B2cError('AADB2C90225');
    throw new JourneyRefusal(outcome.error ?? 'access_denied', outcome);
  }
  return {
    ...{ family: randomUUID(), clientId: client.id, policy, scope, clientInfo: false },
    accountOid: (outcome.kind === 'token' && outcome.objectId) || '',
    userClaims: outcome.claims,
    journeyClaims: Object.fromEntries(run.bag),
    nonce: parameters.get('nonce') ?? undefined,
    authTimeSeconds: Math.floor(tenant.now() / 1000),
  };
}

/** The claims that the journey of client credentials adds to the access token of an application. */
export async function clientCredentialsRun(
  tenant: LocalTenant,
  request: GrantRequest,
): Promise<Record<string, unknown>> {
  const model = findCustomPolicy(tenant, request.policy);
  const journey = model && findIssuerJourney(model, 'ClientCredentialsUserJourneyId');
  if (!journey) return {};
  // A client that authenticates with a header does not send its ID as a parameter.
  const parameters = new URLSearchParams([...request.parameters, ['client_id', request.client.id]]);
  const { outcome } = await runHeadless(tenant, {
    ...{ model, journey, request: describeRequest({ ...request, parameters }) },
  });
  if (outcome.kind !== 'error') return outcome.claims;
  throw new JourneyRefusal(outcome.error ?? 'access_denied', outcome);
}
