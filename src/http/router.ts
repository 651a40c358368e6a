import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { type Audience, requireAudience } from './fetch-metadata.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * What answers one exact path. HEAD is answered by GET unless it has a handler of its own, or is
 * `false`: not to be had.
 */
export interface Route {
  path: string;
  methods: {
    GET?: Handler;
    HEAD?: Handler | false;
    POST?: Handler;
    PATCH?: Handler;
    DELETE?: Handler;
    /** Whatever has no handler of its own. */
    ANY?: Handler;
  };
  /** Whether it answers every path below its own too. */
  matchesPrefix?: boolean;
  /** Whose requests it answers; `visitors` unless it says otherwise. */
  audience?: Audience;
}

export type Match =
  | { kind: 'handler'; handler: Handler }
  | { kind: 'unknown-path' }
  | { kind: 'other-methods'; allow: string };

/** Of no path at all, nothing is known. */
export type Router = (method: string, path: string | undefined) => Match;

interface Known {
  matches: Map<string, Match>;
  otherwise: Match;
}

const UNKNOWN_PATH: Match = { kind: 'unknown-path' };

/**
 * Looks up exact paths; nothing is decoded, so `/auth/%73ign_out` is simply another path.
 * @throws SignInError `config_invalid` where two routes have one path
 */
export function createRouter(routes: readonly Route[]): Router {
  const paths = new Map<string, Known>();
  const above: [prefix: string, known: Known][] = [];
  for (const { path, methods, matchesPrefix } of routes) {
    if (paths.has(path)) {
      const mend = 'choose another routes.callback or routes.prefix';
      throw new SignInError('config_invalid', `two routes for ${path}: ${mend}`);
    }
    const { ANY, HEAD = methods.GET, ...others } = methods;
    const handlers: [string, Handler][] = Object.entries(others);
    if (HEAD) handlers.push(['HEAD', HEAD]);
    const names = handlers.map(([method]) => method).sort();
    const known: Known = {
      matches: new Map(handlers.map(([method, handler]) => [method, { kind: 'handler', handler }])),
      otherwise: ANY
        ? { kind: 'handler', handler: ANY }
        : { kind: 'other-methods', allow: names.join(', ') },
    };
    paths.set(path, known);
    if (matchesPrefix) above.push([`${path}/`, known]);
  }
  return (method, path) => {
    const found = paths.get(path ?? '') ?? above.find(([prefix]) => path?.startsWith(prefix))?.[1];
    return found ? (found.matches.get(method) ?? found.otherwise) : UNKNOWN_PATH;
  };
}

/** Returns the route with a check of its audience before each handler. */
export function withAudienceCheck({ methods, audience = 'visitors', ...route }: Route): Route {
  const checked = Object.entries(methods).map(([method, handler]: [string, Handler | false]) => {
    if (!handler) return [method, handler];
    const check: Handler = (request, response) => {
      requireAudience(request, audience);
      return handler(request, response);
    };
    return [method, check];
  });
  return { ...route, audience, methods: Object.fromEntries(checked) };
}
