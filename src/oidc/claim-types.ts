import type { ClaimType } from '../config/claim-types.ts';
import type { Log } from '../log/log.ts';
import type { CheckedClaims } from './claims.ts';

/** Returns the claims of a token with the types of `claimTypes`, and logs a warning for each unreadable claim. */
export type ReadClaims = (claims: CheckedClaims) => CheckedClaims;

/** B2C's session management keeps text only: after single sign-on, a list is the name of its .NET type. */
const LOST_LIST = /^System\.(?:Collections\.[\w.]+(?:`\d+)?(?:\[.*\])?|String\[\])$/;

export const isLostList = (value: unknown): boolean =>
  [value].flat().some((item) => typeof item === 'string' && LOST_LIST.test(item));

/** Why such a claim has no values, for the log. */
export const LOST_LIST_REASON = {
  detail:
    'the claim contains the name of a .NET type instead of its values: the session of B2C lost the list',
  advice:
    'In the custom policy, read the list again after single sign-on instead of keeping it in the session (docs/errors.md#lost-lists).',
};

// Deeper JSON could exhaust the stack where it is serialized. Users can edit some claims.
const MAX_DEPTH = 10;

export function createReadClaims({
  claimTypes,
  log,
}: {
  claimTypes: Readonly<Record<string, ClaimType>>;
  log: Log;
}): ReadClaims {
  const types = new Map(Object.entries(claimTypes));
  const readOrWarn = (claim: string, value: unknown) => {
    const type = types.get(claim);
    const result = readClaim(value, type);
    if ('value' in result) return result.value;
    log.warn('claim_unreadable', { claim, ...result });
    // Not removed: without the claim, the session would keep the value of an earlier token.
    return type === undefined ? value : null;
  };
  return (claims) => {
    const read = Object.entries(claims).map(([claim, value]) => [claim, readOrWarn(claim, value)]);
    return Object.fromEntries(read);
  };
}

type Result = { value: unknown } | { detail: string; advice?: string };

function readClaim(value: unknown, type: ClaimType | undefined): Result {
  if (isLostList(value)) return LOST_LIST_REASON;
  if (type === undefined || value === null) return { value };
  if (type === 'boolean') return readBoolean(value);
  return type === 'json' ? readJson(value) : readList(value, type.list);
}

// B2C writes "True" or "true", depending on where the claim comes from.
function readBoolean(value: unknown): Result {
  if (typeof value === 'boolean') return { value };
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return text === 'true' || text === 'false'
    ? { value: text === 'true' }
    : { detail: 'the claim is neither true nor false' };
}

function readJson(value: unknown): Result {
  if (typeof value !== 'string') return { value };
  const parsed = parseJson(value);
  if (parsed === undefined) return { detail: 'the claim is not JSON' };
  return isShallow(parsed, MAX_DEPTH)
    ? { value: parsed }
    : { detail: `the claim is JSON with more than ${MAX_DEPTH} levels` };
}

function readList(value: unknown, separator: string): Result {
  if (Array.isArray(value)) return { value };
  if (typeof value !== 'string') return { detail: 'the claim is neither text nor a list' };
  if (typeof parseJson(value) === 'object') {
    return { detail: 'the claim is JSON and not a list with separators', advice: 'Use "json".' };
  }
  const items = value.split(separator).map((item) => item.trim());
  return { value: items.filter((item) => item !== '') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
