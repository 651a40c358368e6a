/** `$filter`: comparisons with `eq`, and `identities/any(…)`, joined with `and`. */
import type { Account } from '../state/accounts.ts';
import { GraphError, notImplemented } from './graph-error.ts';
import { findProperty, readIdentities, type UserContext } from './user-resource.ts';

type Condition = (account: Account, context: UserContext) => boolean;

// A quotation mark inside a text is doubled.
const TEXT = "'((?:[^']|'')*)'";
const COMPARISON = new RegExp(`^(\\w+)\\s+eq\\s+(?:${TEXT}|(true|false|null))$`);
const IDENTITY = /^identities\/any\(\s*(\w+)\s*:\s*(.+?)\s*\)$/s;
const PART = new RegExp(`^(\\w+)/(issuer|issuerAssignedId|signInType)\\s+eq\\s+${TEXT}$`);

/** @throws GraphError 501 for anything else */
export function parseFilter(filter: string): Condition {
  const conditions = splitAtAnd(filter).map(parseCondition);
  return (account, context) => conditions.every((condition) => condition(account, context));
}

/** Splits at `and` outside quotation marks and parentheses. */
function splitAtAnd(text: string): string[] {
  const parts = [''];
  const tokens = text.trim().match(/'(?:[^']|'')*'|[()]|\s+and\s+|[^'()\s]+|\s+|'/g) ?? [];
  let depth = 0;
  for (const token of tokens) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (depth === 0 && token.trim() === 'and') parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function parseCondition(text: string): Condition {
  const [, variable, parts] = IDENTITY.exec(text) ?? [];
  if (variable && parts) return parseIdentity(variable, parts);
  const [, name, value, word] = COMPARISON.exec(text) ?? [];
  if (!name) throw notImplemented(`$filter=${text}`);
  const wanted = word === undefined ? unquoted(value) : JSON.parse(word);
  return (account, context) => {
    const found = findProperty(name, context).read?.(account, context) ?? null;
    return typeof found === 'string' ? isSame(found, wanted) : found === wanted;
  };
}

function parseIdentity(variable: string, text: string): Condition {
  const wanted = splitAtAnd(text).map((part) => {
    const [, of, name, value] = PART.exec(part) ?? [];
    if (of !== variable) throw notImplemented(`$filter=identities/any(${variable}:${text})`);
    return { name: name as 'issuer' | 'issuerAssignedId' | 'signInType', value: unquoted(value) };
  });
  const names = wanted.map(({ name }) => name);
  if (!names.includes('issuer') || !names.includes('issuerAssignedId')) {
    const message = 'A filter on identities has to compare issuer and issuerAssignedId.';
    throw new GraphError(400, 'Request_UnsupportedQuery', message);
  }
  return (account, context) =>
    readIdentities(account, context).some((identity) =>
      wanted.every(({ name, value }) => isSame(identity[name], value)),
    );
}

const unquoted = (text = ''): string => text.replaceAll("''", "'");

const isSame = (left: string, right: unknown): boolean =>
  left.toLowerCase() === String(right ?? '').toLowerCase();
