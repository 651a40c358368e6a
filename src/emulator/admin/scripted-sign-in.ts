/** `POST /_emulator/authorize`: a whole sign-in without pages, for tests and scripts. */
import { randomUUID } from 'node:crypto';
import { completeSignIn } from '../journeys/complete-sign-in.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import {
  type AuthorizationResponse,
  buildErrorResponse,
  buildLocation,
} from '../protocol/authorization-response.ts';
import { openAuthorizationRequest } from '../protocol/authorize.ts';
import { B2cError, isErrorCode } from '../protocol/b2c-error.ts';
import { findEndpoint } from '../protocol/endpoints.ts';
import {
  type Account,
  addAccount,
  findFederatedAccount,
  findLocalAccount,
} from '../tenant/accounts.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import { AdminError } from './admin-error.ts';

export interface ScriptedSignIn {
  url: string;
  as?: string;
  claims?: Record<string, unknown>;
  cancel?: boolean;
  forgotPassword?: boolean;
  /** The number of any error of B2C, which the application gets. */
  error?: string;
  newUser?: boolean;
  /** Through this provider, by the value of its `idp` claim. */
  identityProvider?: string;
}

/** `form` holds the fields that a `form_post` answer would carry to `location`. */
export interface ScriptedAnswer {
  location: string;
  form?: Record<string, string>;
}

export function signInByScript(tenant: LocalTenant, input: ScriptedSignIn): ScriptedAnswer {
  if (!URL.canParse(String(input.url))) throw new AdminError(400, '"url" is not an address');
  const url = new URL(input.url);
  const { address, policy } = findEndpoint(tenant, url.pathname, url.searchParams) ?? {};
  if (address?.endpoint !== 'authorize' || !policy) {
    throw new AdminError(400, `"url" is no authorization endpoint of this tenant: ${url.pathname}`);
  }
  const context = { policy, origin: url.origin };
  const opened = openAuthorizationRequest(tenant, url.searchParams, context);
  return 'error' in opened
    ? describeAnswer(opened.error)
    : describeAnswer(answerFor(tenant, opened.request, input));
}

function answerFor(
  tenant: LocalTenant,
  request: AuthorizationRequest,
  input: ScriptedSignIn,
): AuthorizationResponse {
  const refuse = (error: Pick<B2cError, 'error' | 'message'>) =>
    buildErrorResponse(request.returnAddress, error, tenant);
  if (input.error !== undefined) return refuse(errorOfCode(input.error));
  if (input.cancel) return refuse(new B2cError('AADB2C90091'));
  const resetsInside = request.policy.forgotPassword === 'resetsInside';
  if (input.forgotPassword && !resetsInside) return refuse(new B2cError('AADB2C90118'));
  const account = requireAccount(tenant, input);
  const claims = {
    ...(input.newUser ? { newUser: true } : {}),
    ...(input.forgotPassword ? { isForgotPassword: true } : {}),
    ...input.claims,
  };
  return completeSignIn(tenant, request, { account, claims, sid: randomUUID() });
}

function errorOfCode(code: unknown): Pick<B2cError, 'error' | 'message'> {
  if (isErrorCode(code)) return new B2cError(code);
  if (typeof code === 'string' && /^AADB2C\d{5}$/.test(code)) {
    return { error: 'server_error', message: `${code}: Asked for by a script.` };
  }
  throw new AdminError(400, '"error" is no code of B2C, such as "AADB2C90273"');
}

function requireAccount(
  { accounts }: LocalTenant,
  { as = '', newUser, identityProvider }: ScriptedSignIn,
): Account {
  const account = identityProvider
    ? findFederatedAccount(accounts, identityProvider, as)
    : (findLocalAccount(accounts, as) ?? accounts.get(as));
  if (account?.disabled) throw new AdminError(403, `the account of ${as} is disabled`);
  if (account) return account;
  const from = identityProvider ? { identityProvider } : {};
  if (newUser && as) return addAccount(accounts, { email: as, ...from });
  const known = [...accounts.values()].map(({ email }) => email).join(', ');
  throw new AdminError(404, `"as" names no account; there are ${known}`);
}

function describeAnswer(answer: AuthorizationResponse): ScriptedAnswer {
  return answer.responseMode === 'form_post'
    ? { location: answer.redirectUri, form: Object.fromEntries(answer.parameters) }
    : { location: buildLocation(answer).href };
}
