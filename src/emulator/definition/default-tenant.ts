/** The tenant without a configuration. */
import type { AccountOptions } from './account.ts';
import type { ApplicationOptions } from './application.ts';
import type { IdentityProviderOptions } from './identity-provider.ts';
import type { PolicyOptions } from './policy.ts';
import type { Tenant } from './tenant-kinds.ts';

export const DEFAULT_TENANT: Tenant = {
  domain: 'fabrikamb2c.onmicrosoft.com',
  id: 'f0b6e55f-0000-4000-8000-000000000001',
  kind: 'b2c',
};

export const DEFAULT_POLICIES: PolicyOptions[] = [
  { name: 'B2C_1_susi' },
  { name: 'B2C_1_edit_profile', kind: 'editProfile' },
  { name: 'B2C_1_reset', kind: 'resetPassword' },
  {
    name: 'B2C_1_susi_reset',
    forgotPassword: 'inline',
    identityProviders: ['GoogleExchange', 'FacebookExchange'],
  },
  { name: 'B2C_1A_signup_signin', identityProviders: ['GoogleExchange', 'FacebookExchange'] },
];

/** An External ID tenant has one user flow, which handles everything. */
export const DEFAULT_USER_FLOW: PolicyOptions = {
  name: 'B2C_1_user_flow',
  forgotPassword: 'inline',
};

export const DEFAULT_IDENTITY_PROVIDERS: IdentityProviderOptions[] = [
  { id: 'GoogleExchange' },
  { id: 'FacebookExchange' },
];

export const DEFAULT_APPLICATIONS: ApplicationOptions[] = [
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
      roles: ['tasks.admin'],
    },
  },
  {
    id: 'f0b6e55f-0000-4000-8000-00000000a003',
    name: 'Single-page application',
    type: 'spa',
  },
];

export const DEFAULT_ACCOUNTS: AccountOptions[] = [
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
