/** An account as the configuration describes it. */
export interface AccountOptions {
  email: string;
  /** For policies that sign in by user name. */
  userName?: string;
  oid?: string;
  password?: string;
  displayName?: string;
  givenName?: string;
  surname?: string;
  /** Phone number for the second factor. */
  phoneNumber?: string;
  /** The account signs in at this identity provider and has no password here: `google.com`. */
  identityProvider?: string;
  /** Email address at the identity provider, if it differs from `email`. */
  federatedName?: string;
  /** Disabled by an administrator. */
  disabled?: boolean;
  /** Additional claims, as they appear in tokens: `city`, `extension_Tier`, … */
  claims?: Record<string, unknown>;
  /** Attributes that only custom policies use: `signInNames.phoneNumber`, `userIdentities`, … */
  attributes?: Record<string, unknown>;
}

export const DEFAULT_PASSWORD = 'Pass@word1';

export const defineAccount = (options: AccountOptions): AccountOptions => ({
  password: options.identityProvider ? '' : DEFAULT_PASSWORD,
  ...options,
});
