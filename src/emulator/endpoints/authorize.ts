import type { IncomingMessage } from 'node:http';
import type { Policy } from '../definition/policy.ts';
import { warn } from '../state/request-log.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
  parseReturnTarget,
} from './authorization-request.ts';
import { type AuthorizationResponse, buildErrorResponse } from './authorization-response.ts';
import { hasSsoCookie } from './browser-cookies.ts';
import { type Exchange, redirectToApplication } from './exchange.ts';
import type { LocalTenant } from './local-tenant.ts';
import { readParameters } from './read-parameters.ts';
import { startTransaction } from './start-transaction.ts';

/** The authorization endpoint: starts a journey, which responds at once if SSO allows it. */
export async function authorize(exchange: Exchange): Promise<void> {
  const { request, tenant, policy, origin } = exchange;
  const parameters = await readParameters(exchange);
  if (isForeignFrame(request) && !hasSsoCookie(tenant, request)) {
    warn(exchange.record, FRAME_WITHOUT_COOKIE);
  }
  const opened = openAuthorizationRequest(tenant, parameters, { policy, origin });
  if ('error' in opened) return redirectToApplication(exchange, opened.error);
  await startTransaction(exchange, { request: opened.request, parameters });
}

const isForeignFrame = ({ headers }: IncomingMessage): boolean =>
  headers['sec-fetch-dest'] === 'iframe' && headers['sec-fetch-site'] === 'cross-site';

const FRAME_WITHOUT_COOKIE =
  'A frame in a page of another site came without the SSO cookie, so the tenant finds no session. ' +
  'Use one host name for the application and the emulator, such as localhost, ' +
  'or start the emulator with --https and allow third-party cookies in the browser.';

/**
 * Returns the valid request, or the error response to the application.
 * @throws B2cError for an error page
 */
export function openAuthorizationRequest(
  { definition, now }: Pick<LocalTenant, 'definition' | 'now'>,
  parameters: URLSearchParams,
  { policy, origin }: { policy: Policy; origin: string },
): { request: AuthorizationRequest } | { error: AuthorizationResponse } {
  const returnTarget = parseReturnTarget(parameters, definition);
  try {
    const context = { policy, origin, definition, now: now() };
    return { request: parseAuthorizationRequest(parameters, returnTarget, context) };
  } catch (error) {
    if (!(error instanceof B2cError)) throw error;
    const context = { tenant: definition.tenant, now: now() };
    return { error: buildErrorResponse(returnTarget, error, context) };
  }
}
