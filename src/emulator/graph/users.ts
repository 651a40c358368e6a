/** `/v1.0/users`: the accounts of the tenant, as an application finds and changes them. */
import type { TenantDefinition } from '../definition/tenant.ts';
import { hasKey } from '../policy/directory-attributes.ts';
import { type Account, type Accounts, addAccount } from '../state/accounts.ts';
import { parseFilter } from './filter.ts';
import { badRequest, GraphError, notImplemented } from './graph-error.ts';
import { describeUser, readIdentities, type UserContext, writeUser } from './user-resource.ts';

export interface UsersCall {
  accounts: Accounts;
  definition: Pick<TenantDefinition, 'tenant' | 'applications'>;
  /** Epoch milliseconds. */
  now: number;
  /** URL of the list, without a query. */
  url: string;
  query: URLSearchParams;
  /** Object ID or user principal name; empty for the list. */
  id: string;
  body: Record<string, unknown>;
}

export interface GraphResponse {
  status: number;
  /** Without it, the response has no body. */
  body?: object;
}

type Operation = (call: UsersCall) => GraphResponse;

export const LIST_OPERATIONS: Readonly<Record<string, Operation>> = {
  GET: listUsers,
  POST: createUser,
};

export const USER_OPERATIONS: Readonly<Record<string, Operation>> = {
  GET: (call) => ({
    status: 200,
    body: { '@odata.context': contextUrl(call), ...describe(call, requireUser(call)) },
  }),
  PATCH: changeUser,
  DELETE(call) {
    call.accounts.delete(requireUser(call).oid);
    return { status: 204 };
  },
};

const contextOf = ({ definition, now }: UsersCall): UserContext => ({
  ...{ domain: definition.tenant.domain, applications: definition.applications, now },
});

const contextUrl = ({ url }: UsersCall): string => url.replace(/users$/, '$metadata#users');

const QUERY_OPTIONS = ['$filter', '$select', '$top', '$skiptoken', '$count'];

/** Graph's default and largest page. */
const PAGE = { default: 100, largest: 999 };

function listUsers(call: UsersCall): GraphResponse {
  const { accounts, query, url } = call;
  const unknown = [...query.keys()].find((name) => !QUERY_OPTIONS.includes(name));
  if (unknown !== undefined) throw notImplemented(`the query option ${unknown}`);
  const filter = query.get('$filter');
  const matches = filter === null ? () => true : parseFilter(filter);
  const context = contextOf(call);
  const found = [...accounts.values()].filter((account) => matches(account, context));
  const size = Number(query.get('$top') ?? PAGE.default);
  if (!(Number.isInteger(size) && size >= 1 && size <= PAGE.largest)) {
    throw badRequest(`$top has to be a number from 1 to ${PAGE.largest}.`);
  }
  const start = Number(query.get('$skiptoken') ?? 0);
  const next = new URLSearchParams(query);
  next.set('$skiptoken', String(start + size));
  return {
    status: 200,
    body: {
      '@odata.context': contextUrl(call),
      ...(query.get('$count') === 'true' ? { '@odata.count': found.length } : {}),
      ...(start + size < found.length ? { '@odata.nextLink': `${url}?${next}` } : {}),
      value: found.slice(start, start + size).map((account) => describe(call, account)),
    },
  };
}

function describe(call: UsersCall, account: Account): Record<string, unknown> {
  const select = call.query.get('$select')?.split(',');
  return describeUser(
    account,
    contextOf(call),
    select?.map((name) => name.trim()),
  );
}

function createUser(call: UsersCall): GraphResponse {
  const { accounts, body } = call;
  if (!body['displayName']) throw badRequest("A value is required for property 'displayName'.");
  if (!body['identities'] && !body['userPrincipalName']) {
    throw badRequest("A value is required for property 'identities' or 'userPrincipalName'.");
  }
  const draft = draftAccount();
  writeUser(draft, body, contextOf(call));
  if (draft.identityProvider === undefined && draft.password === '') {
    throw badRequest("A value is required for property 'passwordProfile'.");
  }
  requireUnique(call, draft);
  const account = addAccount(accounts, draft);
  const created = describeUser(account, contextOf(call));
  return { status: 201, body: { '@odata.context': `${contextUrl(call)}/$entity`, ...created } };
}

/** Becomes an account only if all of its properties are valid. */
const draftAccount = (): Account => addAccount(new Map(), { email: '', password: '' });

function changeUser(call: UsersCall): GraphResponse {
  const account = requireUser(call);
  const draft = structuredClone(account);
  writeUser(draft, call.body, contextOf(call));
  requireUnique(call, draft);
  call.accounts.set(account.oid, draft);
  return { status: 204 };
}

/** @throws GraphError if another account has a sign-in name or an identity of this one */
function requireUnique(call: UsersCall, account: Account): void {
  const context = contextOf(call);
  const others = [...call.accounts.values()].filter(({ oid }) => oid !== account.oid);
  for (const { signInType, issuer, issuerAssignedId } of readIdentities(account, context)) {
    const key =
      signInType === 'federated'
        ? { name: 'userIdentities', value: [{ issuer, issuerUserId: issuerAssignedId }] }
        : { name: 'signInNames', value: issuerAssignedId };
    if (others.some((other) => hasKey(other, key, context))) {
      throw badRequest(
        `Another object with the same value for property identities already exists: ${issuerAssignedId}`,
      );
    }
  }
}

function requireUser(call: UsersCall): Account {
  const { accounts, id } = call;
  const context = contextOf(call);
  const found = [...accounts.values()].find((account) =>
    ['objectId', 'userPrincipalName'].some((name) => hasKey(account, { name, value: id }, context)),
  );
  if (found) return found;
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  throw new GraphError(404, 'Request_ResourceNotFound', message);
}
