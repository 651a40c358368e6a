/** `AzureActiveDirectoryProvider`: reads and writes the accounts of the emulator. */
import { type Account, addAccount } from '../../state/accounts.ts';
import type { ClaimValue } from '../claims-bag.ts';
import { ClaimsError, JourneyError } from '../claims-error.ts';
import { hasKey, readAttributeOf, writeAttributeOf } from '../directory-attributes.ts';
import { isTrueSetting, partnerName, readInputs, setting } from '../profile-claims.ts';
import type { Exchange, Outputs } from '../run.ts';

interface Key {
  readonly name: string;
  readonly value: ClaimValue;
}

type Operation = (exchange: Exchange, key: Key, found: Account | undefined) => Account | undefined;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  read: (exchange, _, found) => found ?? missing(exchange),
  write: writeAccount,
  deleteclaims: deleteClaims,
  deleteclaimsprincipal: deleteAccount,
};

export function directory(exchange: Exchange): Outputs {
  const { profile, inputs, trace } = exchange;
  const operation = OPERATIONS[(setting(profile, 'Operation') ?? 'Read').toLowerCase()];
  if (!operation) throw new JourneyError(`${profile.id} has an unknown Operation.`);
  const [entry] = inputs;
  if (!entry) {
    trace.notes.push('the key claim has no value: nothing was done');
    return new Map();
  }
  const key = { name: entry[0], value: entry[1] };
  const found = findAccount(exchange);
  const account = operation(exchange, key, found);
  const outputs = account ? readOutputs(exchange, account) : new Map<string, ClaimValue>();
  if (account && !found) outputs.set('newclaimsprincipalcreated', true);
  return outputs;
}

/** The account of the key claim. User flows have further input claims, which must match too. */
function findAccount({ inputs, run }: Exchange): Account | undefined {
  const keys = [...inputs].map(([name, value]) => ({ name, value }));
  return [...run.tenant.accounts.values()].find((account) =>
    keys.every((key) => hasKey(account, key, run.tenant)),
  );
}

function readOutputs({ profile, run }: Exchange, account: Account): Map<string, ClaimValue> {
  const names = profile.outputClaims.map((reference) => partnerName(reference, profile));
  const outputs = new Map<string, ClaimValue>();
  for (const name of ['objectId', 'userPrincipalName', ...names]) {
    const value = readAttributeOf(account, name, run.tenant);
    if (value !== undefined) outputs.set(name.toLowerCase(), value);
  }
  return outputs;
}

function missing({ profile }: Exchange): undefined {
  if (!isTrueSetting(profile, 'RaiseErrorIfClaimsPrincipalDoesNotExist')) return undefined;
  throw new ClaimsError('UserMessageIfClaimsPrincipalDoesNotExist', 'no such account', {
    textId: 'UserMessageIfClaimsPrincipalNotFound',
  });
}

function writeAccount(
  exchange: Exchange,
  key: Key,
  found: Account | undefined,
): Account | undefined {
  const { profile, run } = exchange;
  if (found && isTrueSetting(profile, 'RaiseErrorIfClaimsPrincipalAlreadyExists')) {
    const detail = 'an account with this name exists already';
    throw new ClaimsError('UserMessageIfClaimsPrincipalAlreadyExists', detail);
  }
  if (!found && IDS.includes(key.name)) return missing(exchange);
  if (!found) missing(exchange);
  const values = persistedValues(exchange);
  const lacksName = profile.persistedClaims.some(
    (reference) =>
      partnerName(reference, profile) === 'displayname' &&
      !values.some(({ name, value }) => name === 'displayname' && value !== ''),
  );
  if (!found && lacksName) {
    const detail = `${profile.id} creates an account without displayName`;
    throw new ClaimsError('InputClaimMissing', detail);
  }
  const account = found ?? addAccount(run.tenant.accounts, { email: '', password: '' });
  const now = run.tenant.now();
  for (const { spelling, value } of values) {
    writeAttributeOf(account, spelling, { value: value === '' ? undefined : value, now });
  }
  return account;
}

/** Keys that name an account that exists. Nothing is created under them. */
const IDS: readonly string[] = ['objectid', 'userprincipalname'];

/** Persisted claims with a value, as the directory names them. */
function persistedValues(exchange: Exchange) {
  const { profile } = exchange;
  return profile.persistedClaims.flatMap((reference) => {
    const [value] = readInputs(exchange, [reference]).values();
    const { partnerClaimType, claimType } = reference;
    const spelling = partnerClaimType ?? claimType.id;
    return value === undefined ? [] : [{ spelling, name: spelling.toLowerCase(), value }];
  });
}

function deleteClaims(
  exchange: Exchange,
  key: Key,
  found: Account | undefined,
): Account | undefined {
  if (!found) return missing(exchange);
  const { profile, run } = exchange;
  for (const reference of profile.persistedClaims) {
    const name = reference.partnerClaimType ?? reference.claimType.id;
    const now = run.tenant.now();
    if (name.toLowerCase() !== key.name) writeAttributeOf(found, name, { value: undefined, now });
  }
  return found;
}

function deleteAccount(exchange: Exchange, _: Key, found: Account | undefined): undefined {
  if (!found) return missing(exchange);
  exchange.run.tenant.accounts.delete(found.oid);
  return undefined;
}
