import type { ApiConnectors } from './api-connector.ts';
import { definePages, type PageOptions, type PageSettings } from './page-settings.ts';
import {
  definePasswordRules,
  type PasswordRules,
  type PasswordRulesOptions,
} from './password-rules.ts';
import {
  type AttributeOptions,
  defineAttribute,
  type ProfileAttribute,
} from './profile-attributes.ts';

export type PolicyKind =
  | 'signUpOrSignIn'
  | 'signIn'
  | 'signUp'
  | 'editProfile'
  | 'changePassword'
  | 'resetPassword'
  /** No pages: only the password grant of the token endpoint (ROPC). */
  | 'passwordGrant';

/** Which policies and applications share a browser's SSO session. `suppressed`: none is kept. */
export type SessionScope = 'tenant' | 'application' | 'policy' | 'suppressed';

export interface SessionRules {
  scope: SessionScope;
  lifetimeMinutes: number;
  /** Each use restarts the lifetime. */
  rolling: boolean;
  /** If greater than 0, the sign-in page shows "Keep me signed in". */
  keepMeSignedInDays: number;
}

/** How a custom policy validates an `id_token_hint` (HS256). */
export interface IdTokenHintRules {
  secret: string;
  /** Compared if set. */
  issuer?: string;
  audience?: string;
  required: boolean;
}

export interface Policy {
  /** Registered spelling, as in the `tfp` claim. */
  name: string;
  kind: PolicyKind;
  /** `B2C_1A_…`: `acr` and `email` instead of `tfp` and `emails`, a separate signing key, other element IDs. */
  custom: boolean;
  /** "Forgot your password?" returns AADB2C90118 to the application, or resets inside the same policy. */
  forgotPassword: 'returnError' | 'inline';
  /** Asks for a new password if an administrator has set `forceChangePasswordNextSignIn`. */
  forcedPasswordReset: boolean;
  /** Users accept each version once. */
  termsOfUse?: { version: string };
  /** Asks for date of birth and country, and which minors may not sign in. */
  ageGating?: { block: 'none' | 'belowAgeOfConsent' | 'allMinors' };
  /** `tenant`: one issuer for all policies. `tfp`: an issuer per policy, as OpenID Discovery requires. */
  issuer: 'tenant' | 'tfp';
  /** Profile fields of the pages, in this order. */
  attributes: ProfileAttribute[];
  /** Additional token claims. `{OAUTH-KV:name}` is replaced by that authorization request parameter. */
  claims: Record<string, unknown>;
  /** Writes the numbers of a token response as strings, as older custom policies do. */
  numbersAsStrings: boolean;
  requireIdTokenInLogout: boolean;
  /** The logout page loads the `logoutUrl` of the other applications in the session. */
  frontChannelLogout: boolean;
  /**
   * Rejects a refresh token that was used before, and revokes all tokens issued from it. B2C seems to
   * keep accepting the old one.
   */
  singleUseRefreshTokens: boolean;
  /** `repeat`: refreshed tokens have the claims of the sign-in. `current`: those of the account now. */
  refreshedClaims: 'repeat' | 'current';
  /** The claim of a token that names the policy. */
  policyClaim: 'acr' | 'tfp' | 'none';
  tokenLifetimeMinutes: number;
  /** Default: that of access tokens. */
  idTokenLifetimeMinutes?: number;
  refreshTokenLifetimeDays: number;
  session: SessionRules;
  /** Has a userinfo endpoint, which custom policies can define. */
  userInfo: boolean;
  /** Takes claims from an `id_token_hint`, as custom policies can, for example for invitations. */
  idTokenHint?: IdTokenHintRules;
  /** Sign-in name of new local accounts. */
  signInName: 'email' | 'userName';
  /** IDs of the identity providers on the sign-in page. */
  identityProviders: string[];
  /** Required after the password or the identity provider. Codes are sent to the mailbox. */
  secondFactor: 'none' | 'phone' | 'email' | 'totp';
  passwordRules: PasswordRules;
  /** REST APIs that the user flow calls. */
  apiConnectors: ApiConnectors;
  page: PageSettings;
}

export type PolicyOptions = {
  name: string;
  session?: Partial<SessionRules>;
  attributes?: AttributeOptions[];
  passwordRules?: PasswordRulesOptions;
  page?: PageOptions;
} & Partial<Omit<Policy, 'name' | 'custom' | 'session' | 'attributes' | 'passwordRules' | 'page'>>;

const DEFAULT_ATTRIBUTES = ['displayName', 'givenName', 'surname'];

// Client libraries recognize policies by this pattern (passport-azure-ad, MSAL Python).
export const isPolicyName = (name: string): boolean => POLICY_NAME.test(name);

const POLICY_NAME = /^b2c_1(a?)_[0-9a-z._-]+$/i;

/** @throws Error if B2C does not allow the name */
export function definePolicy(options: PolicyOptions): Policy {
  const form = POLICY_NAME.exec(options.name);
  if (!form) throw new Error(`${options.name} is not a policy name: B2C_1_… or B2C_1A_…`);
  const custom = form[1] !== '';
  const { signInName = 'email' } = options;
  return {
    kind: 'signUpOrSignIn',
    forgotPassword: 'returnError',
    forcedPasswordReset: false,
    issuer: 'tenant',
    claims: {},
    numbersAsStrings: false,
    requireIdTokenInLogout: false,
    // B2C supports it for custom policies only.
    frontChannelLogout: custom,
    singleUseRefreshTokens: false,
    refreshedClaims: 'repeat',
    policyClaim: custom ? 'acr' : 'tfp',
    tokenLifetimeMinutes: 60,
    refreshTokenLifetimeDays: 14,
    userInfo: false,
    identityProviders: [],
    secondFactor: 'none',
    apiConnectors: {},
    ...options,
    signInName,
    custom,
    attributes: (options.attributes ?? DEFAULT_ATTRIBUTES).map(defineAttribute),
    passwordRules: definePasswordRules(options.passwordRules ?? 'strong'),
    page: definePages(options.page ?? {}, { custom, signInName }),
    session: {
      scope: 'tenant',
      lifetimeMinutes: 1440,
      rolling: true,
      keepMeSignedInDays: 0,
      ...options.session,
    },
  };
}

/** Policy names are case-insensitive, as in B2C. */
export function findPolicy(policies: readonly Policy[], name: string): Policy | undefined {
  return policies.find((policy) => policy.name.toLowerCase() === name.toLowerCase());
}
