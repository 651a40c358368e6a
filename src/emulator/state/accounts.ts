import { randomUUID } from 'node:crypto';
import { type AccountOptions, DEFAULT_PASSWORD } from '../definition/account.ts';

/** An account of the directory. The password is in plain text: the dashboard shows it. */
export interface Account {
  oid: string;
  email: string;
  userName?: string;
  password: string;
  displayName?: string;
  givenName?: string;
  surname?: string;
  phoneNumber?: string;
  totpSecret?: string;
  /** The account signs in at this identity provider and has no password. */
  identityProvider?: string;
  /** Email address at the identity provider, if the user entered another one at sign-up. */
  federatedName?: string;
  disabled: boolean;
  failedSignIns: number;
  lockedUntil: number;
  claims: Record<string, unknown>;
  /** Attributes that only custom policies read and write. User flows do not put them into tokens. */
  attributes: Record<string, unknown>;
  /** Refresh tokens issued earlier are revoked. A password change moves this time. */
  refreshTokensValidFrom: number;
}

/** By object ID. */
export type Accounts = Map<string, Account>;

export function createAccounts(options: readonly AccountOptions[]): Accounts {
  const accounts: Accounts = new Map();
  for (const account of options) addAccount(accounts, account);
  return accounts;
}

export function addAccount(accounts: Accounts, options: AccountOptions): Account {
  const account: Account = {
    oid: randomUUID(),
    password: options.identityProvider ? '' : DEFAULT_PASSWORD,
    refreshTokensValidFrom: 0,
    disabled: false,
    failedSignIns: 0,
    lockedUntil: 0,
    ...options,
    claims: { ...options.claims },
    attributes: { ...options.attributes },
  };
  accounts.set(account.oid, account);
  return account;
}

/** Finds a local account by email address or user name. Case-insensitive. */
export function findLocalAccount(accounts: Accounts, signInName: string): Account | undefined {
  const wanted = signInName.trim().toLowerCase();
  for (const account of accounts.values()) {
    const { email, userName, identityProvider } = account;
    const isNamed = email.toLowerCase() === wanted || userName?.toLowerCase() === wanted;
    if (isNamed && identityProvider === undefined) return account;
  }
  return undefined;
}

/** An identity provider's account differs from a local account with the same email address. */
export function findFederatedAccount(
  accounts: Accounts,
  issuer: string,
  email: string,
): Account | undefined {
  for (const account of accounts.values()) {
    const name = account.federatedName ?? account.email;
    const isSame = name.toLowerCase() === email.trim().toLowerCase();
    if (isSame && account.identityProvider === issuer) return account;
  }
  return undefined;
}

export function changePassword(account: Account, password: string, now: number): void {
  account.password = password;
  account.failedSignIns = 0;
  account.lockedUntil = 0;
  account.refreshTokensValidFrom = now;
}
