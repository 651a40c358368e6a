/** Journeys without pages: the token endpoint and the userinfo endpoint of a custom policy. */
import type { ClaimValue } from '../policy/claims-bag.ts';
import { createRun } from '../policy/create-run.ts';
import type { Outcome } from '../policy/outcome.ts';
import type { Policy, UserJourney } from '../policy/policy.ts';
import { setting } from '../policy/profile-claims.ts';
import type { JourneyRequest, JourneyRun } from '../policy/run.ts';
import { startJourney } from '../policy/run-journey.ts';
import { journeyTenant, type LocalTenant } from './local-tenant.ts';
import { recordRun } from './record-run.ts';

interface HeadlessJourney {
  model: Policy;
  journey: UserJourney;
  request: JourneyRequest;
  /** Claims of the token that starts the journey. */
  presented?: Record<string, unknown>;
}

export async function runHeadless(
  tenant: LocalTenant,
  { model, journey, request, presented }: HeadlessJourney,
): Promise<{ outcome: Outcome; run: JourneyRun }> {
  const claims = Object.entries(presented ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value as ClaimValue] as const,
  );
  const run = createRun(model, {
    ...{ tenant: journeyTenant(tenant), request, session: new Map() },
    ...(presented ? { presented: new Map(claims) } : {}),
  });
  const stop = await startJourney(run, journey);
  const message = 'The journey shows a page, which this endpoint cannot.';
  const outcome: Outcome =
    stop.kind === 'end' ? stop.outcome : { kind: 'error', code: 'AADB2C90037', message };
  recordRun(tenant, { run, outcome });
  return { outcome, run };
}

/** The journey of an endpoint of the relying party. */
export const findEndpointJourney = (
  { relyingParty }: Policy,
  id: 'token' | 'userinfo',
): UserJourney | undefined =>
  relyingParty.endpoints.find((endpoint) => endpoint.id.toLowerCase() === id)?.userJourney;

/** The journey of a refresh token: an endpoint of the relying party, or a setting of the token issuer. */
export const findRefreshJourney = (model: Policy): UserJourney | undefined =>
  findEndpointJourney(model, 'token') ?? findIssuerJourney(model, 'RefreshTokenUserJourneyId');

/** The journey that a setting of a token issuer names. */
export function findIssuerJourney(
  { technicalProfiles, userJourneys }: Policy,
  key: 'RefreshTokenUserJourneyId' | 'ClientCredentialsUserJourneyId',
): UserJourney | undefined {
  const issuers = [...technicalProfiles.values()].filter(({ handler }) => handler === 'jwt-issuer');
  const named = issuers.map((issuer) => setting(issuer, key)).find((name) => name !== undefined);
  return userJourneys.get(named?.toLowerCase() ?? '');
}
