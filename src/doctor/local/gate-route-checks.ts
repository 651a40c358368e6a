import type { Config } from '../../config/config.ts';
import { isLoopback } from '../../config/urls.ts';
import { type Check, createReporter } from '../check.ts';
import { isFailure, type Probe, type ProbeResponse } from '../probe.ts';

const { ok, skipped, warn } = createReporter('baseUrl');

/** Checks which routes of the gate the reverse proxy at `baseUrl` forwards. The server responds there. */
export async function* gateRouteChecks(config: Config, probe: Probe): AsyncGenerator<Check> {
  if (!config.gate) return;
  yield await closedRoutesCheck(config, probe);
  yield await oauth2RoutesCheck(config, probe);
}

/** A response of the gate to a request without a cookie, or with a path that the gate denies. */
const GATE_STATUSES = [202, 401, 403];

/** Only the proxy may call these routes: a signed-in user could get an assertion for any allowed host. */
async function closedRoutesCheck(config: Config, probe: Probe): Promise<Check> {
  const id = 'gate.routes';
  if (isDirect(config)) return skipped(id, 'no reverse proxy is in front of this server');
  const { verify, oauth2Auth } = config.paths.gate;
  const open: string[] = [];
  for (const path of [verify, oauth2Auth]) {
    const response = await get(config, probe, path);
    if (response && GATE_STATUSES.includes(response.status)) open.push(path);
  }
  if (open.length === 0) return ok(id, 'browsers cannot reach the routes for the reverse proxy');
  return warn(id, `browsers can reach ${open.join(' and ')}`, {
    fix: 'Let the reverse proxy return 404 for these paths, and call them itself only: docs/gate-headers.md#routes.',
  });
}

/** Only applications that were behind oauth2-proxy have links to these routes. */
async function oauth2RoutesCheck(config: Config, probe: Probe): Promise<Check> {
  const id = 'gate.oauth2-proxy';
  const { paths, routes, listen } = config;
  const { signOut } = paths.gate.oauth2;
  const target = locationOf(await get(config, probe, signOut));
  if (target === paths.signOut) return ok(id, `${signOut} reaches this server`);
  if (!routes.callback.startsWith('/oauth2/')) {
    return ok(id, `${signOut} does not reach this server; only links for oauth2-proxy need it`);
  }
  const reason =
    target === paths.signIn ? 'is protected by the gate' : 'does not reach this server';
  return warn(id, `${signOut} ${reason}, so its links do not sign users out`, {
    fix: `Forward /oauth2/ to ${listen.host}:${listen.port} without calling the gate: docs/migrate/oauth2-proxy.md.`,
  });
}

/** Whether `baseUrl` is the listen address of the server itself. */
const isDirect = ({ baseUrl, listen }: Config): boolean =>
  isLoopback(baseUrl) &&
  Number(baseUrl.port || (baseUrl.protocol === 'https:' ? 443 : 80)) === listen.port;

async function get(
  { baseUrl }: Config,
  probe: Probe,
  path: string,
): Promise<ProbeResponse | undefined> {
  const result = await probe.get(new URL(path, baseUrl));
  return isFailure(result) ? undefined : result;
}

/** The path that a response redirects to. */
function locationOf(response: ProbeResponse | undefined): string | undefined {
  const here = 'http://here.invalid';
  const { location } = response ?? {};
  return location !== undefined && URL.canParse(location, here)
    ? new URL(location, here).pathname
    : undefined;
}
