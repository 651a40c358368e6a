/** The settings of a custom policy that the endpoints use: tokens and sessions, from its XML. */
import {
  definePolicy,
  type PolicyOptions,
  type Policy as PolicySettings,
  type SessionScope,
} from '../definition/policy.ts';
import type { Policy, UserJourneyBehaviors } from '../policy/policy.ts';
import { isTrueSetting, setting } from '../policy/profile-claims.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';

/** @throws Error if B2C does not allow the name */
export function definePolicySettings(model: Policy): PolicySettings {
  const { behaviors, endpoints } = model.relyingParty;
  return definePolicy({
    name: model.id,
    requireIdTokenInLogout: behaviors.enforceIdTokenHintOnLogout,
    userInfo: endpoints.some(({ id }) => id.toLowerCase() === 'userinfo'),
    session: sessionRules(behaviors),
    ...tokenSettings(findTokenIssuer(model)),
  });
}

const SCOPES: Readonly<Record<string, SessionScope>> = {
  ...{ tenant: 'tenant', trustframework: 'tenant', application: 'application' },
  ...{ policy: 'policy', suppressed: 'suppressed' },
};

const sessionRules = (behaviors: UserJourneyBehaviors): PolicySettings['session'] => ({
  scope: SCOPES[behaviors.singleSignOnScope?.toLowerCase() ?? ''] ?? 'tenant',
  lifetimeMinutes: behaviors.sessionExpirySeconds / 60,
  rolling: behaviors.sessionExpiryType === 'Rolling',
  keepMeSignedInDays: behaviors.keepAliveInDays,
});

/** The profile that signs the tokens of the sign-in journey. */
export function findTokenIssuer({ relyingParty }: Policy): TechnicalProfile | undefined {
  const { steps, defaultIssuer } = relyingParty.defaultUserJourney;
  const issuers = steps.flatMap(({ type, issuer }) =>
    type === 'SendClaims' && issuer ? [issuer] : [],
  );
  const isTokenIssuer = ({ handler }: TechnicalProfile) => handler === 'jwt-issuer';
  return [defaultIssuer, ...issuers].find((issuer) => issuer && isTokenIssuer(issuer));
}

function tokenSettings(issuer: TechnicalProfile | undefined): Partial<PolicyOptions> {
  if (!issuer) return {};
  const seconds = (key: string, standard: number) => Number(setting(issuer, key)) || standard;
  const reference = setting(issuer, 'AuthenticationContextReferenceClaimPattern')?.toLowerCase();
  const claimPattern = setting(issuer, 'IssuanceClaimPattern')?.toLowerCase();
  return {
    issuer: claimPattern === 'authoritywithtfp' ? 'tfp' : 'tenant',
    policyClaim: reference === 'none' ? 'none' : 'acr',
    numbersAsStrings: !isTrueSetting(issuer, 'SendTokenResponseBodyWithJsonNumbers', true),
    tokenLifetimeMinutes: seconds('token_lifetime_secs', 3600) / 60,
    idTokenLifetimeMinutes: seconds('id_token_lifetime_secs', 3600) / 60,
    refreshTokenLifetimeDays: seconds('refresh_token_lifetime_secs', 1_209_600) / 86_400,
    frontChannelLogout: issuer.sessionProvider?.handler === 'session-oauth',
  };
}
