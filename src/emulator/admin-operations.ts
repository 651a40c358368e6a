import { type Account, addAccount, changePassword, findAccountByEmail } from './accounts.ts';
import { AdminError } from './admin-error.ts';
import { buildDashboard } from './dashboard.ts';
import { FAULT_NAMES, parseFaultName } from './faults.ts';
import { rotateSigningKeys } from './keys.ts';
import type { LocalTenant } from './local-tenant.ts';
import { messagesTo } from './mailbox.ts';
import { type ScriptedSignIn, signInByScript } from './scripted-sign-in.ts';
import { type AccountOptions, findPolicy } from './tenant.ts';

export interface Call {
  tenant: LocalTenant;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** Of `accounts/<oid>`. */
  oid: string;
}

/** The JSON that a call answers with; a refusal is an `AdminError`. */
export type Operation = (call: Call) => unknown;

/** Every call under `/_emulator/`. */
export const OPERATIONS: Record<string, Record<string, Operation>> = {
  '': { GET: ({ tenant }) => ({ ...buildDashboard(tenant), faultNames: FAULT_NAMES }) },
  authorize: {
    POST: ({ tenant, body }) => signInByScript(tenant, body as unknown as ScriptedSignIn),
  },
  mailbox: {
    GET: ({ tenant, query }) => ({ messages: messagesTo(tenant.mailbox, query.get('email')) }),
    DELETE: ({ tenant }) => ({ messages: clear(tenant.mailbox) }),
  },
  accounts: { GET: listAccounts, POST: createAccount },
  'accounts/:oid': {
    GET: (call) => describeAccount(requireAccount(call)),
    PATCH: changeAccount,
    DELETE: (call) => ({ deleted: call.tenant.accounts.delete(requireAccount(call).oid) }),
  },
  'keys/rotate': { POST: rotateKeys },
  clock: { GET: describeClock, POST: setClock },
  faults: { GET: listFaults, POST: addFault, DELETE: removeFaults },
  requests: { GET: ({ tenant }) => tenant.requestLog },
  reset: { POST: resetTenant },
  // Where `token_redirect` leads: a client that follows it shows up in the list of requests.
  redirected: { GET: () => ({}), POST: () => ({}) },
};

function clear<Item>(list: Item[]): Item[] {
  list.length = 0;
  return list;
}

function describeAccount({ refreshTokensValidFrom: _, ...account }: Account) {
  return account;
}

function listAccounts({ tenant }: Call) {
  return { accounts: [...tenant.accounts.values()].map(describeAccount) };
}

function requireAccount({ tenant, oid }: Call): Account {
  const account = tenant.accounts.get(oid);
  if (!account) throw new AdminError(404, `no account has the object id ${oid}`);
  return account;
}

function createAccount({ tenant, body }: Call) {
  if (typeof body['email'] !== 'string') throw new AdminError(400, '"email" is missing');
  if (findAccountByEmail(tenant.accounts, body['email'])) {
    throw new AdminError(409, `there is an account for ${body['email']} already`);
  }
  return describeAccount(addAccount(tenant.accounts, body as unknown as AccountOptions));
}

const CHANGEABLE = ['email', 'displayName', 'givenName', 'surname'] as const;

/** Claims are merged; `null` removes. A new password revokes the refresh tokens, as at B2C. */
function changeAccount(call: Call) {
  const account = requireAccount(call);
  const { body, tenant } = call;
  for (const name of CHANGEABLE) {
    const value = body[name];
    if (value === null && name !== 'email') delete account[name];
    else if (typeof value === 'string') account[name] = value;
  }
  if (typeof body['password'] === 'string') {
    changePassword(account, body['password'], tenant.now());
  }
  for (const [name, value] of Object.entries((body['claims'] ?? {}) as Record<string, unknown>)) {
    if (value === null) delete account.claims[name];
    else account.claims[name] = value;
  }
  return describeAccount(account);
}

async function rotateKeys({ tenant, body }: Call) {
  const keepOld = body['keepOld'] !== false;
  tenant.keys = await rotateSigningKeys(tenant.keys, { keepOld, now: tenant.now() });
  const idsOf = (ring: { kid: string }[]) => ring.map(({ kid }) => kid);
  return {
    userFlows: idsOf(tenant.keys.userFlows),
    customPolicies: idsOf(tenant.keys.customPolicies),
  };
}

function describeClock({ tenant }: Call) {
  return {
    offsetSeconds: tenant.clockOffsetMs / 1000,
    now: new Date(tenant.now()).toISOString(),
  };
}

function setClock(call: Call) {
  const { offsetSeconds } = call.body;
  if (typeof offsetSeconds !== 'number' || !Number.isFinite(offsetSeconds)) {
    throw new AdminError(400, '"offsetSeconds" is not a number');
  }
  call.tenant.clockOffsetMs = offsetSeconds * 1000;
  return describeClock(call);
}

function listFaults({ tenant }: Call) {
  return { faults: tenant.faults, names: FAULT_NAMES };
}

function addFault({ tenant, body }: Call) {
  const fault = parseFaultName(body['fault']);
  if (!fault) throw new AdminError(400, '"fault" is not a known name', { names: FAULT_NAMES });
  const { times, policy, delayMs } = body;
  if (typeof policy === 'string' && !findPolicy(tenant.definition.policies, policy)) {
    throw new AdminError(400, `"policy" names no policy of this tenant: ${policy}`);
  }
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0)) {
    throw new AdminError(400, '"times" is not a positive whole number');
  }
  tenant.faults.push({
    fault,
    ...(typeof times === 'number' ? { times } : {}),
    ...(typeof policy === 'string' ? { policy } : {}),
    ...(typeof delayMs === 'number' ? { delayMs } : {}),
  });
  return { faults: tenant.faults };
}

/** All of them, or with `?fault=` those of one name. */
function removeFaults({ tenant, query }: Call) {
  const only = query.get('fault');
  const name = only === null ? undefined : parseFaultName(only);
  tenant.faults = only === null ? [] : tenant.faults.filter(({ fault }) => fault !== name);
  return { faults: tenant.faults };
}

function resetTenant(call: Call) {
  call.tenant.reset();
  return { accounts: call.tenant.accounts.size };
}
