/** The definition of the local tenant: what a start without configuration has, and what may be changed. */

export interface Tenant {
  /** `fabrikamb2c.onmicrosoft.com` */
  domain: string;
  /** The GUID that stands in the issuer. */
  id: string;
}

export type PolicyKind = 'signUpOrSignIn' | 'signIn' | 'signUp' | 'editProfile' | 'resetPassword';

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
  attributes: string[];
  /** Older custom policies write the numbers of a token answer as strings. */
  numbersAsStrings: boolean;
  requireIdTokenInLogout: boolean;
  /** Refuse a refresh token that was used before; B2C seems to keep the old one alive. */
  singleUseRefreshTokens: boolean;
}

export interface Application {
  id: string;
  name: string;
  /** `spa` needs PKCE and, like `native`, must not send a secret. */
  type: 'web' | 'spa' | 'native';
  /** Several may be valid at once, for rotation. */
  secrets: string[];
  redirectUris: string[];
  /** Also accept every redirect URI on this machine, so that no port has to be registered. */
  anyLoopbackRedirectUri: boolean;
  /** The two boxes for tokens straight from the authorization endpoint. */
  implicit: { idToken: boolean; accessToken: boolean };
  /** What it offers as an API: scopes are `<uri>/<name>`. */
  api?: { uri: string; scopes: string[] };
}

export interface AccountOptions {
  email: string;
  oid?: string;
  password?: string;
  displayName?: string;
  givenName?: string;
  surname?: string;
  /** Further claims, as they stand in a token: `city`, `extension_Tier`, … */
  claims?: Record<string, unknown>;
}

export type PolicyOptions = Pick<Policy, 'name'> & Partial<Omit<Policy, 'custom'>>;
export type ApplicationOptions = Pick<Application, 'id'> & Partial<Application>;

export interface TenantOptions {
  tenant?: Partial<Tenant>;
  policies?: PolicyOptions[];
  applications?: ApplicationOptions[];
  accounts?: AccountOptions[];
}

export interface TenantDefinition {
  tenant: Tenant;
  policies: Policy[];
  applications: Application[];
  accounts: AccountOptions[];
}

export const DEFAULT_PASSWORD = 'Pass@word1';

const DEFAULT_TENANT: Tenant = {
  domain: 'fabrikamb2c.onmicrosoft.com',
  id: 'f0b6e55f-0000-4000-8000-000000000001',
};

const DEFAULT_POLICIES: PolicyOptions[] = [
  { name: 'B2C_1_susi' },
  { name: 'B2C_1_edit_profile', kind: 'editProfile' },
  { name: 'B2C_1_reset', kind: 'resetPassword' },
  { name: 'B2C_1_susi_reset', forgotPassword: 'resetsInside' },
  { name: 'B2C_1A_signup_signin' },
];

const DEFAULT_APPLICATIONS: ApplicationOptions[] = [
  {
    id: 'f0b6e55f-0000-4000-8000-00000000a001',
    name: 'Web application',
    secrets: ['emulator-secret'],
    redirectUris: ['http://localhost:3000/auth/redirect'],
    anyLoopbackRedirectUri: true,
  },
  {
    id: 'f0b6e55f-0000-4000-8000-00000000a002',
    name: 'Tasks API',
    anyLoopbackRedirectUri: false,
    api: {
      uri: 'https://fabrikamb2c.onmicrosoft.com/tasks-api',
      scopes: ['tasks.read', 'tasks.write'],
    },
  },
];

const DEFAULT_ACCOUNTS: AccountOptions[] = [
  {
    oid: 'f0b6e55f-0000-4000-8000-00000000e001',
    email: 'alice@example.com',
    displayName: 'Alice Example',
    givenName: 'Alice',
    surname: 'Example',
  },
  {
    oid: 'f0b6e55f-0000-4000-8000-00000000e002',
    email: 'bob@example.com',
    displayName: 'Bob Example',
    givenName: 'Bob',
    surname: 'Example',
  },
];

/** @throws Error when a policy's name is none that B2C could have */
export function defineTenant(options: TenantOptions): TenantDefinition {
  return {
    tenant: { ...DEFAULT_TENANT, ...options.tenant },
    policies: (options.policies ?? DEFAULT_POLICIES).map(definePolicy),
    applications: (options.applications ?? DEFAULT_APPLICATIONS).map(defineApplication),
    accounts: (options.accounts ?? DEFAULT_ACCOUNTS).map((account) => ({
      password: DEFAULT_PASSWORD,
      ...account,
    })),
  };
}

// Client libraries recognise policies by this form (passport-azure-ad, MSAL Python).
const POLICY_NAME = /^b2c_1(a?)_[0-9a-z._-]+$/i;

function definePolicy(options: PolicyOptions): Policy {
  const form = POLICY_NAME.exec(options.name);
  if (!form) throw new Error(`${options.name} is not a policy name: B2C_1_… or B2C_1A_…`);
  return {
    kind: 'signUpOrSignIn',
    forgotPassword: 'returnsError',
    issuer: 'tenant',
    attributes: ['displayName', 'givenName', 'surname'],
    numbersAsStrings: false,
    requireIdTokenInLogout: false,
    singleUseRefreshTokens: false,
    ...options,
    custom: form[1] !== '',
  };
}

function defineApplication(options: ApplicationOptions): Application {
  return {
    name: options.id,
    type: 'web',
    secrets: [],
    redirectUris: [],
    anyLoopbackRedirectUri: options.redirectUris === undefined,
    implicit: { idToken: false, accessToken: false },
    ...options,
  };
}

/** Policy names are compared without regard to case, as B2C does. */
export function findPolicy(policies: readonly Policy[], name: string): Policy | undefined {
  return policies.find((policy) => policy.name.toLowerCase() === name.toLowerCase());
}

export function findApplication(
  applications: readonly Application[],
  id: string,
): Application | undefined {
  return applications.find((application) => application.id.toLowerCase() === id.toLowerCase());
}
