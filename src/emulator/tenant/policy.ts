import type { IdTokenHintRules } from '../tokens/id-token-hint.ts';
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
  | 'resetPassword'
  /** No pages: the password grant of the token endpoint (ROPC). */
  | 'passwordGrant';

/** Who shares a sign-in of this browser; `suppressed` keeps none. */
export type SessionScope = 'tenant' | 'application' | 'policy' | 'suppressed';

export interface SessionRules {
  scope: SessionScope;
  lifetimeMinutes: number;
  /** Each use starts the lifetime anew. */
  rolling: boolean;
  /** More than 0 puts "Keep me signed in" on the sign-in page. */
  keepMeSignedInDays: number;
}

export interface Policy {
  /** In its registered spelling, which is the one of the `tfp` claim. */
  name: string;
  kind: PolicyKind;
  /** `B2C_1A_…`: `acr` and `email` instead of `tfp` and `emails`, its own signing key, other element ids. */
  custom: boolean;
  /** What "Forgot your password?" does: AADB2C90118 to the application, or the reset in the same policy. */
  forgotPassword: 'returnsError' | 'resetsInside';
  /** `tenant`: the issuer that all policies share; `tfp`: one of its own, as OpenID Discovery wants it. */
  issuer: 'tenant' | 'tfp';
  /** The profile fields of its pages, in this order. */
  attributes: ProfileAttribute[];
  /** Further claims of its tokens; `{OAUTH-KV:name}` is that parameter of the authorization request. */
  claims: Record<string, unknown>;
  /** Older custom policies write the numbers of a token answer as strings. */
  numbersAsStrings: boolean;
  requireIdTokenInLogout: boolean;
  /** The logout page calls the `logoutUrl` of the session's other applications. */
  frontChannelLogout: boolean;
  /**
   * Refuse a refresh token that was used before, and then those that came of it too; B2C seems to keep
   * the old one alive.
   */
  singleUseRefreshTokens: boolean;
  tokenLifetimeMinutes: number;
  refreshTokenLifetimeDays: number;
  session: SessionRules;
  /** Custom policies may define a userinfo endpoint. */
  userInfo: boolean;
  /** Custom policies may take claims from an `id_token_hint`, in an invitation for instance. */
  idTokenHint?: IdTokenHintRules;
  /** What a new local account signs in with. */
  signInName: 'email' | 'userName';
  /** Ids of the providers that its sign-in page offers. */
  identityProviders: string[];
  /** After the password or the provider; codes land in the mailbox. */
  secondFactor: 'none' | 'phone' | 'email' | 'totp';
  passwordRules: PasswordRules;
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

// Client libraries recognise policies by this form (passport-azure-ad, MSAL Python).
const POLICY_NAME = /^b2c_1(a?)_[0-9a-z._-]+$/i;

/** @throws Error when the name is none that B2C could have */
export function definePolicy(options: PolicyOptions): Policy {
  const form = POLICY_NAME.exec(options.name);
  if (!form) throw new Error(`${options.name} is not a policy name: B2C_1_… or B2C_1A_…`);
  const custom = form[1] !== '';
  const { signInName = 'email' } = options;
  return {
    kind: 'signUpOrSignIn',
    forgotPassword: 'returnsError',
    issuer: 'tenant',
    claims: {},
    numbersAsStrings: false,
    requireIdTokenInLogout: false,
    // At B2C only custom policies can be configured for it.
    frontChannelLogout: custom,
    singleUseRefreshTokens: false,
    tokenLifetimeMinutes: 60,
    refreshTokenLifetimeDays: 14,
    userInfo: false,
    identityProviders: [],
    secondFactor: 'none',
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

/** Policy names are compared without regard to case, as B2C does. */
export function findPolicy(policies: readonly Policy[], name: string): Policy | undefined {
  return policies.find((policy) => policy.name.toLowerCase() === name.toLowerCase());
}
