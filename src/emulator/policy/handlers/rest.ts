/** `RestfulProvider`: calls a REST API of the author with claims, and reads claims from its answer. */
import { convertClaim } from '../claim-text.ts';
import type { ClaimValue } from '../claims-bag.ts';
import { ClaimsError, JourneyError } from '../claims-error.ts';
import { exactPartnerName, isTrueSetting, partnerName, setting } from '../profile-claims.ts';
import { RestError, type RestRequest, type RestResponse } from '../rest-call.ts';
import type { Exchange, Outputs } from '../run.ts';
import { buildRestRequest, maskText } from './rest-request.ts';

/** @throws ClaimsError with the message of the API, JourneyError if the request cannot be built */
export async function rest(exchange: Exchange): Promise<Outputs> {
  const { request, trace } = buildRestRequest(exchange);
  exchange.trace.requests.push(trace);
  noteInsecureCall(exchange);
  const response = await call(exchange, request);
  Object.assign(trace, { status: response.status, response: maskText(response.body) });
  if (response.status < 200 || response.status > 299) throw refusal(exchange, response);
  requireNoBlock(exchange, response);
  return readOutputs(exchange, response);
}

/** An API connector can end the sign-up with a page. */
function requireNoBlock({ profile }: Exchange, { body }: RestResponse): void {
  const answer = isTrueSetting(profile, 'HasActions') ? parseObject(body) : undefined;
  if (answer?.['action'] !== 'ShowBlockPage') return;
  const blockText = String(answer['userMessage'] ?? '');
  throw new JourneyError(`${profile.id}: the API blocks the user`, { blockText });
}

function noteInsecureCall({ profile, run, trace }: Exchange): void {
  const isOpen = (setting(profile, 'AuthenticationType') ?? 'None').toLowerCase() === 'none';
  if (!isOpen || run.policy.isDevelopment) return;
  if (isTrueSetting(profile, 'AllowInsecureAuthInProduction')) return;
  trace.notes.push('In Production a tenant requires AllowInsecureAuthInProduction for this call.');
}

const FAILURES = {
  timeout: 'UserMessageIfRequestTimeout',
  'unknown-host': 'UserMessageIfDnsResolutionFailed',
  'no-connection': 'DefaultUserMessageIfRequestFailed',
} as const;

async function call({ run, profile }: Exchange, request: RestRequest): Promise<RestResponse> {
  try {
    return await run.tenant.fetchRest(request);
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    const detail = `${profile.id}: ${setting(profile, 'ServiceUrl')}: ${error.message}`;
    throw new ClaimsError(FAILURES[error.reason], detail, { code: 'AADB2C90255' });
  }
}

export function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const DEBUG_MEMBERS = ['code', 'requestId', 'developerMessage', 'moreInfo'];

/** The error of the API: `{ version, status: 409, userMessage, code, requestId, developerMessage, moreInfo }`. */
function refusal({ profile, trace }: Exchange, { status, body }: RestResponse): ClaimsError {
  const contract = parseObject(body);
  const userMessage = contract?.['userMessage'];
  const options = { code: 'AADB2C90255' };
  const detail = `${profile.id}: the API responded with status ${status}`;
  if (status < 400 || status > 499 || typeof userMessage !== 'string' || userMessage === '') {
    return new ClaimsError('DefaultUserMessageIfRequestFailed', detail, options);
  }
  if (contract?.['version'] === undefined || Number(contract['status']) !== status) {
    trace.notes.push(`A tenant requires "version" and "status": ${status} in an error.`);
  }
  const details = DEBUG_MEMBERS.flatMap((name) => {
    const value = contract?.[name];
    return value === undefined ? [] : [`${name}: ${String(value)}`];
  });
  const shown = isTrueSetting(profile, 'DebugMode') ? [userMessage, ...details] : [userMessage];
  return new ClaimsError('RestApiUserMessage', detail, { ...options, text: shown.join('\n') });
}

/** A response without a body has no claims. */
function readOutputs({ profile, trace }: Exchange, { body }: RestResponse): Outputs {
  if (body.trim() === '') return new Map();
  const answer = parseObject(body);
  if (answer) return readMembers({ profile, trace }, answer);
  const detail = `${profile.id}: the response is not a JSON object`;
  throw new ClaimsError('DefaultUserMessageIfRequestFailed', detail, { code: 'AADB2C90255' });
}

/** Output claims from the members of a JSON object, or from paths in it. */
export function readMembers(
  { profile, trace }: Pick<Exchange, 'profile' | 'trace'>,
  answer: Record<string, unknown>,
): Outputs {
  const outputs = new Map<string, ClaimValue>();
  const usesPaths = isTrueSetting(profile, 'ResolveJsonPathsInJsonTokens');
  for (const reference of profile.outputClaims) {
    const name = exactPartnerName(reference, profile);
    const found = usesPaths ? readPath(answer, name) : readPath(answer, [name]);
    const value = convertClaim(reference.claimType, found);
    if (value === undefined) continue;
    outputs.set(partnerName(reference, profile), value);
    if (typeof value === 'string' && typeof found === 'object') {
      trace.notes.push(`${name} is not a text in the response: the claim gets its JSON.`);
    }
  }
  return outputs;
}

/**
 * The value at a path such as `data[0].to[0].email`, or at a list of names. A name is first looked up
 * with case, then without. `a.0.b` is a path too.
 */
function readPath(value: unknown, path: string | readonly string[]): unknown {
  const names = typeof path === 'string' ? (path.match(/[^.[\]]+/g) ?? []) : path;
  return names.reduce<unknown>((node, name) => {
    if (typeof node !== 'object' || node === null) return undefined;
    if (Object.hasOwn(node, name)) return (node as Record<string, unknown>)[name];
    return Object.entries(node).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }, value);
}
