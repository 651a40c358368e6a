import type { Config } from '../../config/config.ts';
import type { Paths } from '../../config/paths.ts';
import { type Check, createReporter } from '../check.ts';
import { explainNetworkError } from '../network-error.ts';
import { isFailure, type Probe, type ProbeResponse } from '../probe.ts';

const { ok, skipped, warn, fail } = createReporter('baseUrl');
const id = 'base-url.answers';

const CERTIFICATE_OR_TLS = /CERT|SELF_SIGNED|ISSUER|VERIFY|SSL|EPROTO/;

/**
 * Checks that requests to `baseUrl` reach this server, through every proxy in front of it. Uses
 * `/me`, which is a route of the server in each setup: alone, behind a gate, or as middleware.
 */
export async function serverCheck(config: Config, probe: Probe): Promise<Check> {
  const { baseUrl, listen, paths } = config;
  const url = new URL(`${paths.me}?slide=false`, baseUrl);
  const result = await probe.get(url);
  if (isFailure(result)) {
    if (await respondsOnListenPortOnly(config, url, probe)) {
      return warn(id, `nothing responds there, but the server responds on port ${listen.port}`, {
        fix: `Start it with --port ${baseUrl.port || 80}, or run a reverse proxy at ${baseUrl.origin}.`,
      });
    }
    const { detail, fix } = explainNetworkError(result.failure, { host: baseUrl.host });
    return CERTIFICATE_OR_TLS.test(result.failure)
      ? warn(id, detail, { fix })
      : skipped(id, `${detail}. Start the server and run doctor again`);
  }
  if (isThisServer(result, paths)) {
    return (await guardedCallback(config, paths, probe)) ?? ok(id, reachable(config));
  }
  if (config.gate && isGateResponse(result, paths)) return guarded(config, url.pathname);
  const response = `${url.origin}${url.pathname} returns ${result.status}`;
  return warn(id, `${response}, which is not a response of this server`, {
    fix: `Check that the server runs, that no other program uses this URL, and that the proxy forwards ${forwardedPaths(config)}.`,
  });
}

/** For a `baseUrl` on this machine with a port that the server does not listen on. */
async function respondsOnListenPortOnly(
  config: Config,
  { pathname, search }: URL,
  probe: Probe,
): Promise<boolean> {
  const { baseUrl, listen } = config;
  if (baseUrl.protocol !== 'http:' || Number(baseUrl.port || 80) === listen.port) return false;
  const result = await probe.get(`http://localhost:${listen.port}${pathname}${search}`);
  return !isFailure(result) && isThisServer(result, config.paths);
}

const reachable = ({ baseUrl, routes }: Config) =>
  `${baseUrl.origin}${routes.prefix}/ reaches this server. A proxy has to keep only Host, Origin and Sec-Fetch-* unchanged`;

/** Checks a callback outside the prefix. With HEAD, which redeems no code and fails no sign-in. */
async function guardedCallback(
  config: Config,
  paths: Paths,
  probe: Probe,
): Promise<Check | undefined> {
  const { callback } = config.routes;
  if (!config.gate || isUnderPrefix(config.routes)) return undefined;
  const result = await probe.head(new URL(callback, config.baseUrl));
  return !isFailure(result) && isGateResponse(result, paths)
    ? guarded(config, callback)
    : undefined;
}

const guarded = (config: Config, path: string): Check =>
  fail(id, `${path} is protected by the gate itself, so sign-in ends in a redirect loop`, {
    fix: `Let the proxy forward ${forwardedPaths(config)}: docs/forward-auth.md.`,
  });

/** Whether it is the response to a request without a cookie, of any version of this server. */
function isThisServer({ status, text }: ProbeResponse, { signIn }: Paths): boolean {
  if (status !== 401) return false;
  try {
    const body = JSON.parse(text) as { signedIn?: unknown; signInUrl?: unknown } | null;
    return body?.signedIn === false && body.signInUrl === signIn;
  } catch {
    return false;
  }
}

/** Whether the proxy called the gate, which redirects to sign-in. */
function isGateResponse({ location }: ProbeResponse, { signIn, gate }: Paths): boolean {
  const here = 'http://here.invalid';
  if (location === undefined || !URL.canParse(location, here)) return false;
  const { pathname } = new URL(location, here);
  return [signIn, ...Object.values(gate.oauth2)].some((path) => path === pathname);
}

function forwardedPaths({ gate, routes, listen }: Config): string {
  const { prefix, callback } = routes;
  const outside = isUnderPrefix(routes) ? '' : ` and ${callback}`;
  const target = `to ${listen.host}:${listen.port} (listen.host, listen.port)`;
  return gate ? `${prefix}/${outside} ${target} without calling the gate` : `every path ${target}`;
}

const isUnderPrefix = ({ prefix, callback }: Config['routes']) => callback.startsWith(`${prefix}/`);
