import { randomUUID } from 'node:crypto';
import { DEFAULT_PASSWORD } from './default-tenant.ts';
import type { AccountOptions } from './tenant.ts';

/** A local account of the directory. The password is in plain text: it is shown on the dashboard. */
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
  /** Signs in there; such an account has no password. */
  identityProvider?: string;
  /** The address there, when the one here was changed at sign-up. */
  federatedName?: string;
  disabled: boolean;
  failedSignIns: number;
  lockedUntil: number;
  claims: Record<string, unknown>;
  /** Refresh tokens from before this moment are worthless; a new password moves it. */
  refreshTokensValidFrom: number;
}

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
  };
  accounts.set(account.oid, account);
  return account;
}

/** A local account by what people sign in with, without regard to case. */
export function findLocalAccount(accounts: Accounts, signInName: string): Account | undefined {
  const wanted = signInName.trim().toLowerCase();
  for (const account of accounts.values()) {
    const { email, userName, identityProvider } = account;
    const isNamed = email.toLowerCase() === wanted || userName?.toLowerCase() === wanted;
    if (isNamed && identityProvider === undefined) return account;
  }
  return undefined;
}

/** Somebody known from a provider: the same address there and here are two accounts. */
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
