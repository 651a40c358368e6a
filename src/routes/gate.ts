import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERROR_CODES, SignInError } from '../errors.ts';
import type { Gate } from '../gate/gate.ts';
import { ambiguousRequest, type OriginalRequest } from '../http/original-request.ts';
import { isPageLoad } from '../http/page-load.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Handler, Route } from '../http/router.ts';
import type { HeaderList } from '../http/security-headers.ts';
import { parseTraceId } from '../http/trace-context.ts';
import type { User } from '../oidc/claims.ts';
import type { AppContext } from './app-context.ts';
import type { ErrorResponder } from './error-responder.ts';
import { withReturnPath } from './paths.ts';

/** What a reverse proxy asks before it lets a request through to an application; none without a gate. */
export function gateRoutes(parts: AppContext, fail: ErrorResponder): Route[] {
  const { gate, respond } = parts;
  if (!gate) return [];
  const { verify, forward, assertionKeys, oauth2Auth } = parts.paths.gate;
  const yesOrNo = { ANY: gateHandler(parts, gate, statusOnlyResponses(parts)) };
  const whole = { ANY: gateHandler(parts, gate, fullResponses(parts, fail)) };
  // What the headers tell of is the request that is asked about, by whatever page it was made; and nobody
  // is told of anybody but himself.
  const audience = 'anyone';
  const routes: Route[] = [
    { path: verify, audience, methods: yesOrNo },
    { path: oauth2Auth, audience, methods: yesOrNo },
    { path: forward, audience, methods: whole, matchesPrefix: true },
  ];
  const { keySet } = gate;
  if (!keySet) return routes;
  const GET: Handler = (_request, response) => respond.json(response, 200, keySet);
  return [...routes, { path: assertionKeys, audience, methods: { GET } }];
}

type AskForOriginal = () => OriginalRequest | undefined;

interface GateResponses {
  /** The path that Envoy puts in front of the original one. */
  below?: string;
  pass(response: ServerResponse, identity: HeaderList): void;
  signIn(request: IncomingMessage, response: ServerResponse, original: AskForOriginal): void;
  refuse(
    request: IncomingMessage,
    response: ServerResponse,
    refusal: { error: SignInError; original: AskForOriginal },
  ): void | Promise<void>;
}

function gateHandler(
  { browserSessions, findOriginalRequest }: AppContext,
  gate: Gate,
  { below, pass, signIn, refuse }: GateResponses,
): Handler {
  const answer = (request: IncomingMessage, response: ServerResponse, user: User | undefined) => {
    const original = () => findOriginalRequest(request, below);
    try {
      if (!gate.admits(user, original)) return signIn(request, response, original);
      const identity = gate.identityOf(user, original);
      if (!(identity instanceof Promise)) return pass(response, identity);
      return identity.then((headers) => pass(response, headers));
    } catch (error) {
      if (!(error instanceof SignInError) || ERROR_CODES[error.code].status !== 403) throw error;
      return refuse(request, response, { error, original });
    }
  };
  return (request, response) => {
    const found = browserSessions.of(request);
    if (!found) return answer(request, response, undefined);
    return found.then((visitor) => answer(request, response, visitor?.user));
  };
}

// One object each: this is on the way of every request to an application.
const STATUS_FIELDS = Object.fromEntries(
  [200, 202, 302, 401, 403].map((status) => [status, { status }]),
);

/** For nginx, which knows 2xx, 401 and 403 alone. */
function statusOnlyResponses({ respond, log }: AppContext): GateResponses {
  const deny = (
    request: IncomingMessage,
    response: ServerResponse,
    denial: { status: 401 | 403; original: AskForOriginal },
  ) => {
    logDenial(log, request, denial);
    respond.empty(response, denial.status);
  };
  return {
    pass(response, identity) {
      log.debug('gate_answered', STATUS_FIELDS[202]);
      respond.empty(response, 202, identity);
    },
    signIn: (request, response, original) => deny(request, response, { status: 401, original }),
    refuse: (request, response, { original }) => deny(request, response, { status: 403, original }),
  };
}

/** For proxies that hand on the whole answer. */
function fullResponses(parts: AppContext, fail: ErrorResponder): GateResponses {
  const { respond, log, paths, origin } = parts;
  return {
    below: paths.gate.forward,
    pass(response, identity) {
      log.debug('gate_answered', STATUS_FIELDS[200]);
      respond.empty(response, 200, identity);
    },
    signIn(request, response, original) {
      if (!isPageLoad(request, original()?.method)) {
        logDenial(log, request, { status: 401, original });
        const signInUrl = new URL(paths.signIn, origin).href;
        return respond.json(response, 401, { signedIn: false, signInUrl });
      }
      const returnTo = returnTargetTo(original(), parts);
      logDenial(log, request, { status: 302, original });
      respond.redirect(response, 302, new URL(withReturnPath(paths.signIn, returnTo), origin));
    },
    refuse(request, response, { error, original }) {
      logDenial(log, request, { status: 403, original });
      return fail(request, response, error);
    },
  };
}

function returnTargetTo(
  original: OriginalRequest | undefined,
  { parseReturnTarget, origin }: AppContext,
): ReturnTarget {
  if (!original?.host) throw ambiguousRequest('no trusted proxy names the original host and path');
  const site = `${new URL(origin).protocol}//${original.host}`;
  const target = parseReturnTarget(site + original.uri) ?? parseReturnTarget(`${site}/`);
  if (!target) throw ambiguousRequest('the host is none of gate.allowedHosts');
  return target;
}

function logDenial(
  log: AppContext['log'],
  request: IncomingMessage,
  { status, original }: { status: number; original: AskForOriginal },
): void {
  log.debug('gate_answered', STATUS_FIELDS[status]);
  log.info('gate_denied', { path: pathIn(original), status, traceId: parseTraceId(request) });
}

// Never the query: an application may have secrets there.
function pathIn(original: AskForOriginal): string {
  try {
    return original()?.uri.split('?', 1)[0] ?? 'unknown';
  } catch {
    return 'unclear';
  }
}
