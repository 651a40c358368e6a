import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { type Decision, type Refusal, refuseAmbiguous } from '../gate/decision.ts';
import type { Gate } from '../gate/gate.ts';
import type { KnownRequest, OriginalRequest } from '../http/original-request.ts';
import { isPageNavigation } from '../http/page-navigation.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Handler, Route } from '../http/router.ts';
import { parseTraceId } from '../http/trace-context.ts';
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
      : gate.decide(user, original);
    if (decision.kind !== 'pass') return deny(request, response, { decision, original });
    const identity = gate.identityHeaders(user, original);
    const headers = identity instanceof Promise ? await identity : identity;
    log.debug('gate_allowed', allowed);
    respond.empty(response, passStatus, headers);
  };
}

/** For nginx, which accepts only 2xx, 401 and 403. */
const statusOnlyResponses = ({ respond, log }: AppContext): GateResponses => ({
  passStatus: 202,
  deny(request, response, { decision, original }) {
    const status = decision.kind === 'signIn' ? 401 : 403;
    logDenial(log, request, { decision, original, status });
    respond.empty(response, status);
  },
});

/** For proxies that forward the whole response to the browser. */
function fullResponses(parts: AppContext, fail: ErrorResponder): GateResponses {
  const { gate, respond, log, paths, origin } = parts;
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
      if (!isPageNavigation(request, known?.method)) {
        logDenial(log, request, { decision, original, status: 401 });
        const signInUrl = new URL(paths.signIn, origin).href;
        return respond.json(response, 401, { signedIn: false, signInUrl });
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
      respond.redirect(response, 302, new URL(withReturnPath(paths.signIn, returnTo), origin));
    },
  };
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
    log.debug('gate_denied', { status, code: 'not_signed_in', rule: decision.rule, traceId });
  }
  // Only for debugging: paths of applications may contain secrets, such as the token of a reset link.
  // Queries often do.
  const path = original.kind === 'known' ? original.uri.split('?', 1)[0] : undefined;
  log.debug('gate_denied_path', { path, traceId });
}
