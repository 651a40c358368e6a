import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError, type SignInErrorCode } from '../errors.ts';
import { withAccessToken } from '../gate/access-token-headers.ts';
import { type Decision, type Refusal, refuseAmbiguous } from '../gate/decision.ts';
import type { Gate } from '../gate/gate.ts';
import type { KnownRequest, OriginalRequest } from '../http/original-request.ts';
import { isPageNavigation } from '../http/page-navigation.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Handler, Route } from '../http/router.ts';
import type { HeaderList } from '../http/security-headers.ts';
import { parseTraceId } from '../http/trace-context.ts';
import { findPolicy } from '../oidc/relying-parties.ts';
import { type MissingStep, stepParameters } from '../oidc/step-up.ts';
import type { AppContext } from './app-context.ts';
import type { ErrorResponder } from './error-responder.ts';
import { withReturnPath } from './paths.ts';

/** The routes that a reverse proxy calls before it forwards a request; none without `gate`. */
export function gateRoutes(parts: AppContext, fail: ErrorResponder): Route[] {
  const { gate, respond, paths } = parts;
  if (!gate) return [];
  const { verify, forward, assertionKeys, oauth2Auth } = paths.gate;
  const handler = (responses: GateResponses): Handler => {
    const handle = gateHandler(parts, gate, responses);
    return (request, response) =>
      handle(request, response).catch((error) => fail(request, response, error));
  };
  const statusOnly = { ANY: handler(statusOnlyResponses(parts)) };
  const full = { ANY: handler(fullResponses(parts, fail)) };
  // Fetch Metadata headers describe the original request, which may come from any page; and a response
  // describes only the user whose cookie it got.
  const audience = 'anyone';
  const routes: Route[] = [
    { path: verify, audience, methods: statusOnly },
    { path: oauth2Auth, audience, methods: statusOnly },
    { path: forward, audience, methods: full, matchesPrefix: gate.acceptsEnvoy },
  ];
  const { keySet } = gate;
  if (!keySet) return routes;
  const GET: Handler = (_request, response) => respond.json(response, 200, keySet);
  return [...routes, { path: assertionKeys, audience, methods: { GET } }];
}

const UNREAD: OriginalRequest = { kind: 'absent' };

type Denial = Exclude<Decision, { kind: 'pass' }>;

interface GateResponses {
  /** The path that Envoy puts in front of the original one. */
  pathPrefix?: string | undefined;
  passStatus: 200 | 202;
  deny(
    request: IncomingMessage,
    response: ServerResponse,
    denied: { decision: Denial; original: OriginalRequest },
  ): void | Promise<void>;
}

function gateHandler(
  { browserSessions, accessTokens, findOriginalRequest, respond, log }: AppContext,
  gate: Gate,
  { pathPrefix, passStatus, deny }: GateResponses,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { accessTokenScopes } = gate;
  const allowed = { status: passStatus };
  return async (request, response) => {
    const session = await browserSessions.of(request);
    const found = session && accessTokens.getUser(session);
    const user = found instanceof Promise ? await found : found;
    // Reading it takes a noticeable part of the time of a request.
    const isRead = !user || gate.readsOriginalRequest;
    const original = isRead ? findOriginalRequest(request, pathPrefix) : UNREAD;
    const alias = gate.findHeaderAlias(request.rawHeaders);
    const decision = alias
      ? refuseAmbiguous(`a header is another spelling of ${alias}`)
      : gate.decide(user, original, session);
    if (decision.kind !== 'pass') return deny(request, response, { decision, original });
    const identity = gate.identityHeaders(user, original);
    let headers = identity instanceof Promise ? await identity : identity;
    if (accessTokenScopes) {
      const token = user && session && accessTokens.get(session, accessTokenScopes);
      const found = await token?.catch((error) =>
        toResult(error, gate.decide(undefined, original)),
      );
      if (typeof found === 'object') return deny(request, response, { decision: found, original });
      headers = withAccessToken(headers, found ?? '');
    }
    log.debug('gate_allowed', allowed);
    respond.empty(response, passStatus, headers);
  };
}

// The session has ended, or only a new sign-in gives another token.
const SIGN_IN_AGAIN = new Set<SignInErrorCode>(['not_signed_in', 'no_refresh_token']);

/**
 * The result without an access token: a page for everyone is shown without one, others after a new sign-in.
 * @throws the error if a new sign-in would not help
 */
function toResult(error: unknown, ofAnonymous: Decision): Denial | string {
  if (!(error instanceof SignInError)) throw error;
  if (ofAnonymous.kind === 'pass') return '';
  if (SIGN_IN_AGAIN.has(error.code)) return ofAnonymous;
  throw error;
}

/** For nginx, which accepts only 2xx, 401 and 403. */
const statusOnlyResponses = ({ respond, log }: AppContext): GateResponses => ({
  passStatus: 202,
  deny(request, response, { decision, original }) {
    const status = decision.kind === 'refuse' ? 403 : 401;
    logDenial(log, request, { decision, original, status });
    respond.empty(response, status, decision.kind === 'stepUp' ? challenge(decision.step) : []);
  },
});

/** For proxies that forward the whole response to the browser. */
function fullResponses(parts: AppContext, fail: ErrorResponder): GateResponses {
  const { gate, respond, log, paths, origin, relyingParties } = parts;
  /** The route that signs in or runs the step; `undefined` if the tenant of the user has no such policy. */
  const findStart = (decision: Exclude<Denial, Refusal>) =>
    decision.kind === 'signIn' ? paths.signIn : findPolicy(relyingParties, decision.step)?.path;
  const refuse = (
    request: IncomingMessage,
    response: ServerResponse,
    { decision, original }: { decision: Refusal; original: OriginalRequest },
  ) => {
    logDenial(log, request, { decision, original, status: 403 });
    return fail(request, response, new SignInError(decision.code, decision.detail));
  };
  return {
    pathPrefix: gate?.acceptsEnvoy ? paths.gate.forward : undefined,
    passStatus: 200,
    deny(request, response, { decision, original }) {
      if (decision.kind === 'refuse') return refuse(request, response, { decision, original });
      const known = original.kind === 'known' ? original : undefined;
      const start = findStart(decision);
      if (!start) {
        const detail = 'the tenant of the user has no policy of this name';
        const { rule } = decision;
        const missing = { kind: 'refuse', code: 'not_allowed', detail, rule } as const;
        return refuse(request, response, { decision: missing, original });
      }
      const parameters = decision.kind === 'stepUp' ? stepParameters(decision.step) : {};
      if (!isPageNavigation(request, known?.method)) {
        logDenial(log, request, { decision, original, status: 401 });
        const url = new URL(start, origin);
        url.search = String(new URLSearchParams(parameters));
        if (decision.kind === 'signIn') {
          return respond.json(response, 401, { signedIn: false, signInUrl: url.href });
        }
        const body = { error: INSUFFICIENT, signedIn: true, signInUrl: url.href };
        return respond.json(response, 401, body, challenge(decision.step));
      }
      const returnTo = known?.host && findReturnTarget(known, known.host, parts);
      if (!returnTo) {
        const detail =
          original.kind === 'ambiguous'
            ? original.detail
            : `the host is ${known?.host ? 'not in gate.allowedHosts' : 'not known'}`;
        return refuse(request, response, { decision: refuseAmbiguous(detail), original });
      }
      logDenial(log, request, { decision, original, status: 302 });
      respond.redirect(response, 302, new URL(withReturnPath(start, returnTo, parameters), origin));
    },
  };
}

const INSUFFICIENT = 'insufficient_user_authentication';

/** RFC 9470, 3. The policy of a step is named as an authentication context class. */
function challenge({ policy, maxAgeSeconds }: MissingStep): HeaderList {
  const needed =
    maxAgeSeconds === undefined ? `acr_values="${policy}"` : `max_age="${maxAgeSeconds}"`;
  const description = 'The user has to authenticate again or run another policy';
  const value = `Bearer error="${INSUFFICIENT}", error_description="${description}", ${needed}`;
  return ['WWW-Authenticate', value];
}

/** The original URL, or the start page of its host if the URL is too long for a return URL. */
function findReturnTarget(
  { uri }: KnownRequest,
  host: string,
  { parseReturnTarget, origin }: AppContext,
): ReturnTarget | undefined {
  const site = `${new URL(origin).protocol}//${host}`;
  return parseReturnTarget(site + uri) ?? parseReturnTarget(`${site}/`);
}

function logDenial(
  log: AppContext['log'],
  request: IncomingMessage,
  { decision, original, status }: { decision: Denial; original: OriginalRequest; status: number },
): void {
  const traceId = parseTraceId(request);
  if (decision.kind === 'refuse') {
    const { code, rule, claim, detail, advice } = decision;
    log.info('gate_denied', { status, code, rule, claim, detail, advice, traceId });
  } else {
    // Every visitor starts like this, often with two requests: with nginx, a 401 and a redirect.
    const code = decision.kind === 'stepUp' ? 'authentication_too_old' : 'not_signed_in';
    log.debug('gate_denied', { status, code, rule: decision.rule, traceId });
  }
  // Only for debugging: paths of applications may contain secrets, such as the token of a reset link.
  // Queries often do.
  const path = original.kind === 'known' ? original.uri.split('?', 1)[0] : undefined;
  log.debug('gate_denied_path', { path, traceId });
}
