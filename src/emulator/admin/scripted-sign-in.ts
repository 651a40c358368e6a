/** `POST /_emulator/authorize`: a complete sign-in without pages, for tests and scripts. */
import { randomUUID } from 'node:crypto';
import type { AuthorizationRequest } from '../endpoints/authorization-request.ts';
import {
  type AuthorizationResponse,
  buildErrorResponse,
  buildRedirectUrl,
} from '../endpoints/authorization-response.ts';
import { openAuthorizationRequest } from '../endpoints/authorize.ts';
import { buildRunGrant, completeSignIn, issueResponse } from '../endpoints/complete-sign-in.ts';
import { findRoute } from '../endpoints/find-route.ts';
import { describeRequest } from '../endpoints/journey-request.ts';
import { findCustomPolicy, journeyTenant, type LocalTenant } from '../endpoints/local-tenant.ts';
import { accountClaims } from '../policy/account-claims.ts';
import { createRun } from '../policy/create-run.ts';
import type { Policy } from '../policy/policy.ts';
import {
  type Account,
  type Accounts,
  addAccount,
  findFederatedAccount,
  findLocalAccount,
} from '../state/accounts.ts';
import { B2cError, isErrorCode } from '../tokens/b2c-error.ts';
import type { ErrorDetails } from '../tokens/error-parameters.ts';
import { AdminError } from './admin-error.ts';

export interface ScriptedSignIn {
  url: string;
  as?: string;
  claims?: Record<string, unknown>;
  cancel?: boolean;
  forgotPassword?: boolean;
  /** Any B2C error code, for an error response to the application. */
  error?: string;
  newUser?: boolean;
  /** Signs in through this identity provider: the value of its `idp` claim. */
  identityProvider?: string;
}

/** `form` contains the fields that a `form_post` response would post to `location`. */
export interface ScriptedResponse {
  location: string;
  form?: Record<string, string>;
}

export function scriptedSignIn(tenant: LocalTenant, input: ScriptedSignIn): ScriptedResponse {
  if (!URL.canParse(String(input.url))) throw new AdminError(400, '"url" is not a URL');
  const { pathname, searchParams, origin } = new URL(input.url);
  const { route, policy } = findRoute(tenant.definition, pathname, searchParams) ?? {};
  if (route?.endpoint !== 'authorize' || !policy) {
    const problem = '"url" is not an authorization endpoint of this tenant';
    throw new AdminError(400, `${problem}: ${pathname}`);
  }
  const opened = openAuthorizationRequest(tenant, searchParams, { policy, origin });
  return describeResponse(
    'error' in opened ? opened.error : respond(tenant, opened.request, { ...input, searchParams }),
  );
}

function respond(
  tenant: LocalTenant,
  request: AuthorizationRequest,
  input: ScriptedSignIn & { searchParams: URLSearchParams },
): AuthorizationResponse {
  const error = findError(request, input);
  if (error) {
    const context = { tenant: tenant.definition.tenant, now: tenant.now() };
    return buildErrorResponse(request.returnTarget, error, context);
  }
  const account = requireAccount(tenant.accounts, input);
  const claims = {
    ...(input.newUser ? { newUser: true } : {}),
    ...(input.forgotPassword ? { isForgotPassword: true } : {}),
    ...input.claims,
  };
  const model = findCustomPolicy(tenant, request.policy);
  return model
    ? issueFromAccount(tenant, request, { model, account, claims, parameters: input.searchParams })
    : completeSignIn(tenant, request, { account, claims, sid: randomUUID() });
}

/** A custom policy names the claims of its token. */
function issueFromAccount(
  tenant: LocalTenant,
  request: AuthorizationRequest,
  {
    model,
    account,
    claims,
    parameters,
  }: {
    model: Policy;
    account: Account;
    claims: Record<string, unknown>;
    parameters: URLSearchParams;
  },
): AuthorizationResponse {
  const run = createRun(model, {
    tenant: journeyTenant(tenant),
    request: describeRequest({ parameters, origin: request.origin }),
    session: new Map(),
  });
  const outcome = {
    claims: { ...accountClaims(run, account), ...claims },
    objectId: account.oid,
  };
  const grant = buildRunGrant(tenant, request, { outcome, run, sid: randomUUID() });
  return issueResponse(tenant, request, grant);
}

function findError(
  { policy }: AuthorizationRequest,
  { error, cancel, forgotPassword }: ScriptedSignIn,
): ErrorDetails | undefined {
  if (error !== undefined) return errorWithCode(error);
  if (cancel) return new B2cError('AADB2C90091');
  const returnsError = forgotPassword && policy.forgotPassword === 'returnError';
  return returnsError ? new B2cError('AADB2C90118') : undefined;
}

function errorWithCode(code: unknown): ErrorDetails {
  if (isErrorCode(code)) return new B2cError(code);
  if (typeof code === 'string' && /^AADB2C\d{5}$/.test(code)) {
    return { error: 'server_error', message: `${code}: Requested by a script.` };
  }
  throw new AdminError(400, '"error" is not a B2C error code, such as "AADB2C90273"');
}

function requireAccount(
  accounts: Accounts,
  { as = '', newUser, identityProvider }: ScriptedSignIn,
): Account {
  const account = identityProvider
    ? findFederatedAccount(accounts, identityProvider, as)
    : (findLocalAccount(accounts, as) ?? accounts.get(as));
  if (account?.disabled) throw new AdminError(403, `the account of ${as} is disabled`);
  if (account) return account;
  if (newUser && as) {
    return addAccount(accounts, { email: as, ...(identityProvider ? { identityProvider } : {}) });
  }
  const known = [...accounts.values()].map(({ email }) => email).join(', ');
  throw new AdminError(404, `"as" is not an account; the accounts are ${known}`);
}

function describeResponse(response: AuthorizationResponse): ScriptedResponse {
  return response.responseMode === 'form_post'
    ? { location: response.redirectUri, form: Object.fromEntries(response.parameters) }
    : { location: buildRedirectUrl(response).href };
}
