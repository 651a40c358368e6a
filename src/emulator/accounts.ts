import { randomUUID } from 'node:crypto';
import { type AccountOptions, DEFAULT_PASSWORD } from './tenant.ts';

/** A local account of the directory. The password is in plain text: it is shown on the dashboard. */
export interface Account {
  oid: string;
  email: string;
  password: string;
  displayName?: string;
  givenName?: string;
  surname?: string;
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
    password: DEFAULT_PASSWORD,
    refreshTokensValidFrom: 0,
    ...options,
    claims: { ...options.claims },
  };
  accounts.set(account.oid, account);
  return account;
}

/** Sign-in names are compared without regard to case. */
export function findAccountByEmail(accounts: Accounts, email: string): Account | undefined {
  const wanted = email.trim().toLowerCase();
  for (const account of accounts.values()) {
    if (account.email.toLowerCase() === wanted) return account;
  }
  return undefined;
}

export function changePassword(account: Account, password: string, now: number): void {
  account.password = password;
  account.refreshTokensValidFrom = now;
}

const KINDS = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

/** B2C's rule "strong": 8 to 64 characters of at least three of the four kinds. */
export function isStrongPassword(password: string): boolean {
  const kinds = KINDS.filter((kind) => kind.test(password)).length;
  return password.length >= 8 && password.length <= 64 && kinds >= 3;
}
