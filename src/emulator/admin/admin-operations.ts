import { configurationSchema } from '../configuration/settings.ts';
import { messagesTo } from '../tenant/mailbox.ts';
import { findPolicy } from '../tenant/policy.ts';
import { signIdTokenHint } from '../tokens/id-token-hint.ts';
import { rotateSigningKeys } from '../tokens/keys.ts';
import {
  changeAccount,
  createAccount,
  deleteAccount,
  listAccounts,
  readAccount,
} from './admin-accounts.ts';
import type { Call, Operation } from './admin-call.ts';
import { AdminError } from './admin-error.ts';
import { buildDashboard } from './dashboard.ts';
import { FAULT_NAMES, parseFaultName } from './faults.ts';
import { type ScriptedSignIn, signInByScript } from './scripted-sign-in.ts';

/** Every call under `/_emulator/`. */
export const OPERATIONS: Record<string, Record<string, Operation>> = {
  '': { GET: ({ tenant }) => buildDashboard(tenant) },
  authorize: {
    POST: ({ tenant, body }) => signInByScript(tenant, body as unknown as ScriptedSignIn),
  },
  mailbox: {
    GET: ({ tenant, query }) => ({ messages: messagesTo(tenant.mailbox, query.get('email')) }),
    DELETE: ({ tenant }) => ({ messages: clear(tenant.mailbox) }),
  },
  accounts: { GET: listAccounts, POST: createAccount },
  'accounts/:oid': {
    GET: readAccount,
    PATCH: changeAccount,
    DELETE: deleteAccount,
  },
  'id-token-hint': { POST: makeIdTokenHint },
  'keys/rotate': { POST: rotateKeys },
  clock: { GET: describeClock, POST: setClock },
  faults: { GET: listFaults, POST: addFault, DELETE: removeFaults },
  requests: { GET: ({ tenant }) => tenant.requestLog },
  reset: { POST: resetTenant },
  // For the "$schema" of a configuration file.
  schema: { GET: configurationSchema },
  // Where `token_redirect` leads: a client that follows it shows up in the list of requests.
  redirected: { GET: () => ({}), POST: () => ({}) },
};

function clear<Item>(list: Item[]): Item[] {
  list.length = 0;
  return list;
}

/** A hint that a custom policy will accept, for invitations. */
function makeIdTokenHint({ tenant, body }: Call) {
  const policy = findPolicy(tenant.definition.policies, String(body['policy']));
  if (!policy?.idTokenHint) {
    throw new AdminError(400, '"policy" names no policy that takes an id_token_hint');
  }
  const claims = (body['claims'] ?? {}) as Record<string, unknown>;
  return { idTokenHint: signIdTokenHint(policy.idTokenHint, claims, tenant.now()) };
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

// A hundred years of 365 days: beyond what a date can hold, every answer that tells a time would fail.
const MAX_OFFSET_SECONDS = 100 * 365 * 86_400;

function setClock(call: Call) {
  const { offsetSeconds } = call.body;
  if (typeof offsetSeconds !== 'number' || !(Math.abs(offsetSeconds) <= MAX_OFFSET_SECONDS)) {
    const limit = `from -${MAX_OFFSET_SECONDS} to ${MAX_OFFSET_SECONDS}, a hundred years either way`;
    throw new AdminError(400, `"offsetSeconds" is not a number ${limit}`);
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
