import { ACCOUNT } from '../configuration/settings.ts';
import {
  type Account,
  addAccount,
  changePassword,
  findFederatedAccount,
  findLocalAccount,
} from '../tenant/accounts.ts';
import type { AccountOptions } from '../tenant/tenant.ts';
import type { Call } from './admin-call.ts';
import { AdminError } from './admin-error.ts';

export function listAccounts({ tenant }: Call) {
  return { accounts: [...tenant.accounts.values()].map(describeAccount) };
}

export const readAccount = (call: Call) => describeAccount(requireAccount(call));

export function createAccount({ tenant, body }: Call) {
  const faults = ACCOUNT.check(body, '');
  if (faults.length > 0) {
    const sentences = faults.map(({ setting, sentence }) => `"${setting}" ${sentence}`);
    throw new AdminError(400, sentences.join('; '));
  }
  const options = body as unknown as AccountOptions;
  const { email, identityProvider, oid = '' } = options;
  const isTaken = identityProvider
    ? findFederatedAccount(tenant.accounts, identityProvider, email)
    : findLocalAccount(tenant.accounts, email);
  if (isTaken || tenant.accounts.has(oid)) {
    throw new AdminError(409, `there is an account for ${email} already`);
  }
  return describeAccount(addAccount(tenant.accounts, options));
}

const TEXTS = ['userName', 'displayName', 'givenName', 'surname', 'phoneNumber'] as const;

/** Claims are merged; `null` removes. A new password revokes the refresh tokens, as at B2C. */
export function changeAccount(call: Call) {
  const account = requireAccount(call);
  const { body, tenant } = call;
  if (typeof body['email'] === 'string') account.email = body['email'];
  for (const name of [...TEXTS, 'totpSecret'] as const) {
    const value = body[name];
    if (value === null) delete account[name];
    else if (typeof value === 'string') account[name] = value;
  }
  if (typeof body['disabled'] === 'boolean') account.disabled = body['disabled'];
  if (typeof body['password'] === 'string') {
    changePassword(account, body['password'], tenant.now());
  }
  for (const [name, value] of Object.entries((body['claims'] ?? {}) as Record<string, unknown>)) {
    if (value === null) delete account.claims[name];
    else account.claims[name] = value;
  }
  return describeAccount(account);
}

export function deleteAccount(call: Call) {
  return { deleted: call.tenant.accounts.delete(requireAccount(call).oid) };
}

function requireAccount({ tenant, oid }: Call): Account {
  const account = tenant.accounts.get(oid);
  if (!account) throw new AdminError(404, `no account has the object id ${oid}`);
  return account;
}

function describeAccount({ refreshTokensValidFrom: _, failedSignIns: __, ...account }: Account) {
  return account;
}
