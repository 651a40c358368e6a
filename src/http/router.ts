import type { IncomingMessage, ServerResponse } from 'node:http';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * The requests that a route accepts, as far as the browser states their source (W3C Fetch Metadata).
 * - `visitors`, the default: requests of this site, and page navigations from other sites. Other sites
 *   cannot use the route as an image, script or frame, or with `fetch`: its response could tell them
 *   who is signed in.
 * - `navigation`: page navigations only, for actions that must not happen without the user noticing.
 * - `own-scripts`: requests of this site only, for responses that are not pages.
 * - `anyone`: all requests, for responses that reveal nothing about a user.
 */
export type Audience = 'visitors' | 'navigation' | 'own-scripts' | 'anyone';

/** The handlers of one exact path. GET also handles HEAD, unless HEAD has a handler or is `false`. */
export interface Route {
  path: string;
  methods: {
    GET?: Handler;
    HEAD?: Handler | false;
    POST?: Handler;
    PATCH?: Handler;
    DELETE?: Handler;
    /** Handles every method that has no handler here. */
    ANY?: Handler;
  };
  /** Whether the route also handles every path below `path`. */
  matchesPrefix?: boolean;
  /** Default: `visitors`. */
  audience?: Audience;
}

export type Match =
  | { kind: 'handler'; handler: Handler }
  | { kind: 'unknown-path' }
  | { kind: 'other-methods'; allow: string };

/** Without a path the result is `unknown-path`. */
export type Router = (method: string, path: string | undefined) => Match;

interface Known {
  matches: Map<string, Match>;
  otherwise: Match;
}

const UNKNOWN_PATH: Match = { kind: 'unknown-path' };

/**
 * Compares paths byte by byte, without decoding: `/auth/%73ign_out` is not `/auth/sign_out`.
 * @throws {RangeError} if two routes have the same path
 */
export function createRouter(routes: readonly Route[]): Router {
  const paths = new Map<string, Known>();
  const above: [prefix: string, known: Known][] = [];
  for (const { path, methods, matchesPrefix } of routes) {
    if (paths.has(path)) throw new RangeError(`two routes for ${path}`);
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
    const known = paths.get(path ?? '') ?? above.find(([prefix]) => path?.startsWith(prefix))?.[1];
    return known ? (known.matches.get(method) ?? known.otherwise) : UNKNOWN_PATH;
  };
}
