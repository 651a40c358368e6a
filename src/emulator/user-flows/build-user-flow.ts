/** Turns the settings of a user flow into a definition for the policy engine. */
import type { IdentityProvider } from '../definition/identity-provider.ts';
import type { Policy as UserFlow } from '../definition/policy.ts';
import type { TenantDefinition } from '../definition/tenant.ts';
import type { ClaimType } from '../policy/claims.ts';
import type { ClaimsBag } from '../policy/claims-bag.ts';
import type { Policy, UserJourney } from '../policy/policy.ts';
import { ACCOUNT_CLAIMS, accountSteps } from './account-steps.ts';
import { connectorProfiles } from './api-connectors.ts';
import { defineClaims, type FlowClaims } from './claim-types.ts';
import {
  claim,
  constant,
  exchange,
  ORIGIN,
  profile,
  run,
  type Step,
  skipIf,
  skipUnless,
  step,
} from './model.ts';
import {
  editProfileProfile,
  identifierProfile,
  readAccountProfile,
  resetEmailProfile,
  resetExchangeId,
  resetPasswordProfile,
  signInProfile,
  signUpExchangeId,
  signUpProfile,
} from './profiles.ts';
import { findFederatedProfile, providerProfile, socialSignUpProfile } from './provider-profiles.ts';
import { secondFactorSteps } from './second-factor.ts';

/** A user flow comes from settings, a custom policy from files. */
export const isUserFlow = ({ files }: Policy): boolean => files.length === 0;

/** The user flows of a tenant as definitions, by name in lower case. */
export const buildUserFlows = ({
  policies,
  ...tenant
}: FlowTenant & Pick<TenantDefinition, 'policies'>): Map<string, Policy> =>
  new Map(policies.map((flow) => [flow.name.toLowerCase(), buildUserFlow(flow, tenant)]));

type FlowTenant = Pick<TenantDefinition, 'tenant' | 'identityProviders'>;

/**
 * Claims of an `id_token_hint` that fill in the sign-up page. Only fields of the page: a hint must not
 * sign a user in.
 */
export function invitationClaims(
  { attributes, page: { ids } }: UserFlow,
  hintedClaims: Readonly<Record<string, unknown>>,
): ClaimsBag {
  const fields = new Set(attributes.map(({ id }) => id));
  const bag: ClaimsBag = new Map();
  for (const [name, value] of Object.entries(hintedClaims)) {
    if (name === 'email') bag.set(ids.email.toLowerCase(), String(value)).set('isinvited', true);
    else if (fields.has(name)) bag.set(name.toLowerCase(), String(value));
  }
  return bag;
}

function buildUserFlow(flow: UserFlow, { tenant, identityProviders }: FlowTenant): Policy {
  const claims = defineClaims(flow);
  const providers = identityProviders.filter(({ id }) => flow.identityProviders.includes(id));
  const isReset = flow.kind === 'resetPassword';
  const steps = [
    ...firstSteps(flow, claims, providers),
    ...(isReset ? [] : [run(readAccountProfile(claims)), ...secondFactorSteps(flow, claims)]),
    ...(isReset ? [] : accountSteps(flow, claims)),
    ...(flow.kind === 'editProfile' ? [run(editProfileProfile(claims))] : []),
    ...connectorProfiles(flow, 'beforeToken', claims).map((one) => run(one)),
    step('SendClaims', { issuer: ISSUER }),
  ];
  const journey: UserJourney = {
    ...{ ...ORIGIN, id: flow.name, defaultIssuer: ISSUER, authorizationProfiles: [] },
    steps: steps.map((one, index) => ({ ...one, order: index + 1 })),
  };
  return definePolicy(flow, { tenantId: tenant.id, claims, journey });
}

const ISSUER = profile('JwtIssuer', { handler: 'jwt-issuer' });

function definePolicy(
  flow: UserFlow,
  { tenantId, claims, journey }: { tenantId: string; claims: FlowClaims; journey: UserJourney },
): Policy {
  const { attributes, ...others } = claims;
  const all = [...ACCOUNT_CLAIMS, ...Object.values(others), ...attributes.map(({ type }) => type)];
  const byId = new Map(all.map((type) => [type.id.toLowerCase(), type]));
  const { lifetimeMinutes, keepMeSignedInDays, rolling, scope } = flow.session;
  return {
    ...{ ...ORIGIN, id: flow.name, tenantId, isDevelopment: false, files: [] },
    relyingParty: {
      ...{ ...ORIGIN, defaultUserJourney: journey, endpoints: [] },
      // The claims of the account are added to the token where it is issued.
      profile: profile('PolicyProfile', {
        outputClaims: [
          ...[claim(claims.newUser), claim(claims.isForgotPassword)],
          ...(flow.apiConnectors.beforeToken ? tokenClaims(flow, attributes) : []),
        ],
      }),
      behaviors: {
        ...{ singleSignOnScope: scope, keepAliveInDays: keepMeSignedInDays },
        enforceIdTokenHintOnLogout: flow.requireIdTokenInLogout,
        sessionExpiryType: rolling ? 'Rolling' : 'Absolute',
        sessionExpirySeconds: lifetimeMinutes * 60,
        ...{ allowsScript: flow.page.allowScript, framingSources: undefined },
        contentDefinitionParameters: new Map(),
      },
    },
    localization: { isEnabled: false, defaultLanguage: undefined, supportedLanguages: [] },
    findClaimType: (id) => byId.get(id.toLowerCase()),
    technicalProfiles: new Map(),
    contentDefinitions: new Map(),
    userJourneys: new Map([[journey.id.toLowerCase(), journey]]),
    subJourneys: new Map(),
  };
}

/** The attributes as the connector has changed them, by their names in tokens. */
const tokenClaims = (flow: UserFlow, attributes: FlowClaims['attributes']) =>
  attributes.map(({ type }) => {
    const { claim: partner = type.id } = flow.attributes.find(({ id }) => id === type.id) ?? {};
    return claim(type, { partner });
  });

/** Everything until the account is known. */
function firstSteps(
  flow: UserFlow,
  claims: FlowClaims,
  providers: readonly IdentityProvider[],
): Step[] {
  if (flow.kind === 'resetPassword') {
    return [run(resetEmailProfile(flow, claims)), run(resetPasswordProfile(claims))];
  }
  if (flow.kind === 'signUp') return signUpSteps(flow, claims);
  return [...signInSteps(flow, claims, providers), ...inlineResetSteps(flow, claims)];
}

function signUpSteps(flow: UserFlow, claims: FlowClaims): Step[] {
  const { objectId, isInvited } = claims;
  const profiles = { isInvited: false };
  return [
    run(signUpProfile(flow, claims, profiles), skipIf(objectId), skipIf(isInvited)),
    run(signUpProfile(flow, claims, { isInvited: true }), skipIf(objectId), skipUnless(isInvited)),
  ];
}

/** The sign-in page, then what its buttons and links lead to. */
function signInSteps(
  flow: UserFlow,
  claims: FlowClaims,
  providers: readonly IdentityProvider[],
): Step[] {
  const { objectId, wantsSignUp, alternativeSecurityId } = claims;
  const signIn = signInProfile(flow, claims);
  const targets = providers.map((provider) =>
    exchange(provider.id, providerProfile(provider, claims)),
  );
  const choice = (id: string, chosen: ClaimType) =>
    exchange(
      id,
      profile(id, {
        handler: 'claims-transformation',
        outputClaims: [constant(chosen, 'true')],
      }),
    );
  const validation = exchange(signIn.id, signIn);
  if (flow.page.signIn === 'selfAsserted') return [run(signIn)];
  const signUp = choice(signUpExchangeId(flow), wantsSignUp);
  const reset = choice(resetExchangeId(flow), claims.isForgotPassword);
  const hasButtons = flow.page.accountLinks === 'buttons';
  const buttons = [
    ...targets,
    ...(hasButtons && flow.kind === 'signUpOrSignIn' ? [signUp] : []),
    ...(hasButtons && flow.forgotPassword === 'inline' ? [reset] : []),
  ];
  return [
    ...(flow.page.signIn === 'identifierFirst' ? [run(identifierProfile(claims))] : []),
    step('CombinedSignInAndSignUp', {
      contentDefinition: signIn.contentDefinition,
      exchanges: [validation],
      selections: [
        ...buttons.map((target) => ({ ...ORIGIN, target, validation: undefined })),
        { ...ORIGIN, target: undefined, validation },
      ],
    }),
    step('ClaimsExchange', {
      preconditions: [skipIf(objectId)],
      exchanges: [...targets, signUp, reset],
    }),
    ...signUpSteps(flow, claims).map((one) => ({
      ...one,
      preconditions: [skipUnless(wantsSignUp), ...one.preconditions],
    })),
    run(findFederatedProfile(claims), skipIf(objectId), skipUnless(alternativeSecurityId)),
    ...connectorProfiles(flow, 'afterFederation', claims).map((one) =>
      run(one, skipIf(objectId), skipUnless(alternativeSecurityId)),
    ),
    run(socialSignUpProfile(flow, claims), skipIf(objectId), skipUnless(alternativeSecurityId)),
  ];
}

function inlineResetSteps(flow: UserFlow, claims: FlowClaims): Step[] {
  if (flow.forgotPassword !== 'inline') return [];
  const isAsked = skipUnless(claims.isForgotPassword);
  return [
    run(resetEmailProfile(flow, claims), isAsked),
    run(resetPasswordProfile(claims), isAsked),
  ];
}
