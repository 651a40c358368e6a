import { didYouMean } from '../../did-you-mean.ts';
import { findPolicy } from '../definition/policy.ts';
import { configurationSchema } from '../definition/schema.ts';
import { RENAMED_FAULTS } from '../endpoints/fault-table.ts';
import { FAULT_NAMES, parseFaultName } from '../endpoints/faults.ts';
import { removeFaults } from '../state/active-faults.ts';
import { messagesTo } from '../state/mailbox.ts';
import { rotateSigningKeys } from '../state/signing-keys.ts';
import { signIdTokenHint } from '../tokens/id-token-hint.ts';
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
import { startRun } from './run-policy.ts';
import { type ScriptedSignIn, scriptedSignIn } from './scripted-sign-in.ts';
import { listTraces, requireTrace } from './traces.ts';

/** Every call under `/_emulator/`. */
export const OPERATIONS: Record<string, Record<string, Operation>> = {
  '': { GET: ({ tenant }) => buildDashboard(tenant) },
  authorize: {
    POST: ({ tenant, body }) => scriptedSignIn(tenant, body as unknown as ScriptedSignIn),
  },
  run: { POST: startRun },
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
  faults: { GET: listFaults, POST: addFault, DELETE: deleteFaults },
  requests: { GET: ({ tenant }) => tenant.requestLog },
  traces: { GET: ({ tenant }) => ({ traces: listTraces(tenant.journeyRecords) }) },
  'traces/:id': { GET: ({ tenant, item }) => requireTrace(tenant.journeyRecords, item) },
  reset: { POST: resetTenant },
  // The "$schema" of a configuration file.
  schema: { GET: configurationSchema },
  // The target of `token_redirect`: the request log shows clients that follow the redirect.
  redirected: { GET: () => ({}), POST: () => ({}) },
};

function clear<Item>(list: Item[]): Item[] {
  list.length = 0;
  return list;
}

/** A hint that the custom policy accepts, for invitations. */
function makeIdTokenHint({ tenant, body }: Call) {
  const policy = findPolicy(tenant.definition.policies, String(body['policy']));
  if (!policy?.idTokenHint) {
    throw new AdminError(400, '"policy" is not a policy with an idTokenHint');
  }
  const claims = (body['claims'] ?? {}) as Record<string, unknown>;
  return { idTokenHint: signIdTokenHint(policy.idTokenHint, claims, tenant.now()) };
}

async function rotateKeys({ tenant, body }: Call) {
  const keepOld = body['keepOld'] !== false;
  tenant.keys = await rotateSigningKeys(tenant.keys, { keepOld, now: tenant.now() });
  const listIds = (ring: { kid: string }[]) => ring.map(({ kid }) => kid);
  return {
    userFlows: listIds(tenant.keys.userFlows),
    customPolicies: listIds(tenant.keys.customPolicies),
  };
}

function describeClock({ tenant }: Call) {
  return {
    offsetSeconds: tenant.clockOffsetMs / 1000,
    now: new Date(tenant.now()).toISOString(),
  };
}

// A hundred years of 365 days. Beyond the range of a date, every response with a time would fail.
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
  if (!fault) throw unknownFault(String(body['fault']));
  const { times, policy, delayMs } = body;
  if (typeof policy === 'string' && !findPolicy(tenant.definition.policies, policy)) {
    throw new AdminError(400, `"policy" is not a policy of this tenant: ${policy}`);
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

function unknownFault(name: string): AdminError {
  const hint = Object.hasOwn(RENAMED_FAULTS, name)
    ? `${name} was renamed: use ${RENAMED_FAULTS[name]}`
    : `"fault" is not a known name${didYouMean(name, FAULT_NAMES)}`;
  return new AdminError(400, hint, { names: FAULT_NAMES });
}

/** All faults, or with `?fault=` the one of this name. */
function deleteFaults({ tenant, query }: Call) {
  const name = query.get('fault');
  removeFaults(tenant.faults, name === null ? undefined : (parseFaultName(name) ?? name));
  return { faults: tenant.faults };
}

function resetTenant(call: Call) {
  call.tenant.reset();
  return { accounts: call.tenant.accounts.size };
}
