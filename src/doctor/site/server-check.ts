import type { Config } from '../../config/config.ts';
import type { Paths } from '../../config/paths.ts';
import { type Check, checksAbout } from '../check.ts';
import { explainNetworkFault } from '../network-fault.ts';
import { type Answer, isFailure, type Probe } from '../probe.ts';

const { ok, skipped, warn, mend } = checksAbout('baseUrl');
const id = 'base-url.answers';

/**
 * Whether the server answers at its public address, through whatever stands in between. Asks who is signed in,
 * because that is this server's wherever its routes are: beside those of an application, whose other pages
 * the proxy of a gate guards, or in the same process.
 */
export async function serverCheck(config: Config, probe: Probe): Promise<Check> {
  const { baseUrl, listen, paths } = config;
  const place = new URL(`${paths.me}?slide=false`, baseUrl);
  const result = await probe.get(place);
  if (isFailure(result)) {
    if (await answersOnlyWhereItListens(config, place, probe)) {
      return warn(id, `nothing answers there, and the server does on port ${listen.port}`, {
        mend: `Start it with --port ${baseUrl.port || 80}, or put a proxy at ${baseUrl.origin}.`,
      });
    }
    const remedy = explainNetworkFault(result.failure, { host: baseUrl.host });
    return /CERT|SELF_SIGNED|ISSUER|VERIFY|SSL|EPROTO/.test(result.failure)
      ? warn(id, remedy.detail, { mend: remedy.mend })
      : skipped(id, `${remedy.detail}. When it runs, ask again`);
  }
  if (isOurs(result, paths)) {
    return (await guardedCallback(config, paths, probe)) ?? ok(id, leadsHere(config));
  }
  if (config.gate && isGates(result, paths)) return guarded(config, place.pathname);
  const answered = `${place.origin}${place.pathname} answers ${result.status}`;
  return warn(id, `${answered}, and not as this server does`, {
    mend: `See that the server runs, that no other program has that address, and that the proxy passes ${ownPlaces(config)}.`,
  });
}

/** With a baseUrl on this machine, at a port that it does not listen on. */
async function answersOnlyWhereItListens(
  config: Config,
  { pathname, search }: URL,
  probe: Probe,
): Promise<boolean> {
  const { baseUrl, listen } = config;
  if (baseUrl.protocol !== 'http:' || Number(baseUrl.port || 80) === listen.port) return false;
  const result = await probe.get(`http://localhost:${listen.port}${pathname}${search}`);
  return !isFailure(result) && isOurs(result, config.paths);
}

const leadsHere = ({ baseUrl, routes }: Config) =>
  `${baseUrl.origin}${routes.prefix}/ leads to this server; it needs no header of a proxy but Host, Origin and Sec-Fetch-* as they came`;

/** Of a callback beside the other routes. HEAD, because that redeems nothing and fails no sign-in. */
async function guardedCallback(
  config: Config,
  paths: Paths,
  probe: Probe,
): Promise<Check | undefined> {
  const { callback } = config.routes;
  if (!config.gate || isBelowPrefix(config.routes)) return undefined;
  const result = await probe.head(new URL(callback, config.baseUrl));
  return !isFailure(result) && isGates(result, paths) ? guarded(config, callback) : undefined;
}

const guarded = (config: Config, path: string): Check =>
  mend(id, `the gate guards ${path} too, and asks people to sign in before they may sign in`, {
    mend: `Let the proxy pass ${ownPlaces(config)}: docs/gate.md.`,
  });

/** Nobody is signed in who has no cookie; in the words of this server, whatever its version. */
function isOurs({ status, text }: Answer, { signIn }: Paths): boolean {
  if (status !== 401) return false;
  try {
    const said = JSON.parse(text) as { signedIn?: unknown; signInUrl?: unknown } | null;
    return said?.signedIn === false && said.signInUrl === signIn;
  } catch {
    return false;
  }
}

/** The proxy has asked the gate about it, whose answer leads to sign-in. */
function isGates({ location }: Answer, { signIn, gate }: Paths): boolean {
  const here = 'http://here.invalid';
  if (location === undefined || !URL.canParse(location, here)) return false;
  const { pathname } = new URL(location, here);
  return [signIn, ...Object.values(gate.oauth2)].some((path) => path === pathname);
}

function ownPlaces({ gate, routes, listen }: Config): string {
  const { prefix, callback } = routes;
  const outside = isBelowPrefix(routes) ? '' : ` and ${callback}`;
  const where = `on to ${listen.host}:${listen.port} (listen.host, listen.port)`;
  return gate ? `${prefix}/${outside} ${where}, before it asks the gate` : `every path ${where}`;
}

const isBelowPrefix = ({ prefix, callback }: Config['routes']) => callback.startsWith(`${prefix}/`);
