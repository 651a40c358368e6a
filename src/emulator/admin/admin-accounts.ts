import type { AccountOptions } from '../definition/account.ts';
import { ACCOUNT } from '../definition/schema.ts';
import { findFaults } from '../definition/schema-errors.ts';
import {
  type Account,
  addAccount,
  changePassword,
  findFederatedAccount,
  findLocalAccount,
} from '../state/accounts.ts';
import type { Call } from './admin-call.ts';
import { AdminError } from './admin-error.ts';

export function listAccounts({ tenant }: Call) {
  return { accounts: [...tenant.accounts.values()].map(describeAccount) };
}

export const readAccount = (call: Call) => describeAccount(requireAccount(call));

export function createAccount({ tenant: { accounts }, body }: Call) {
  const faults = findFaults(ACCOUNT, body);
  if (faults.length > 0) {
    const problems = faults.map(({ setting, problem }) => `"${setting}" ${problem}`);
    throw new AdminError(400, problems.join('; '));
  }
  const options: AccountOptions = ACCOUNT.parse(body);
  const { email, identityProvider, oid = '' } = options;
  const existing = identityProvider
    ? findFederatedAccount(accounts, identityProvider, email)
    : findLocalAccount(accounts, email);
  if (existing || accounts.has(oid)) {
    throw new AdminError(409, `an account for ${email} already exists`);
  }
  return describeAccount(addAccount(accounts, options));
}

const PROPERTIES = [
  'userName',
  'displayName',
  'givenName',
  'surname',
  'phoneNumber',
  'totpSecret',
] as const;

/** Merges claims; `null` removes. As in B2C, a new password revokes the refresh tokens. */
export function changeAccount(call: Call) {
  const account = requireAccount(call);
  const { body, tenant } = call;
  if (typeof body['email'] === 'string') {
    const other = findLocalAccount(tenant.accounts, body['email']);
    if (other && other !== account && !account.identityProvider) {
      throw new AdminError(409, `an account for ${body['email']} already exists`);
    }
    account.email = body['email'];
  }
  for (const name of PROPERTIES) {
    const value = body[name];
    if (value === null) delete account[name];
    else if (typeof value === 'string') account[name] = value;
  }
  if (typeof body['disabled'] === 'boolean') account.disabled = body['disabled'];
  const { password } = body;
  // The form of the dashboard sends the current password again.
  if (typeof password === 'string' && password !== account.password) {
    changePassword(account, password, tenant.now());
  }
  if (body['replaceClaims'] === true) account.claims = {};
  for (const [name, value] of Object.entries((body['claims'] ?? {}) as Record<string, unknown>)) {
    if (value === null) delete account.claims[name];
    else account.claims[name] = value;
  }
  return describeAccount(account);
}

export function deleteAccount(call: Call) {
  return { deleted: call.tenant.accounts.delete(requireAccount(call).oid) };
}

export function requireAccount({ tenant, item: oid }: Call): Account {
  const account = tenant.accounts.get(oid);
  if (!account) throw new AdminError(404, `no account has the object ID ${oid}`);
  return account;
}

function describeAccount({ refreshTokensValidFrom: _, failedSignIns: __, ...account }: Account) {
  return account;
}
