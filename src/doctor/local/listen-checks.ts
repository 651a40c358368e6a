import { isIP } from 'node:net';
import type { Config } from '../../config/config.ts';
import { isLoopback } from '../../config/urls.ts';
import { type Check, createReporter } from '../check.ts';
import { tlsCheck } from './tls-check.ts';

/** Whether `listen.host` is loopback. Unlike in a URL, ::1 has no brackets there. */
export const isLoopbackOnly = (host: string): boolean =>
  /^(localhost|127\.0\.0\.1|::1)$/.test(host);

const bareHost = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, '$1');

/** Checks `baseUrl`, and where and how the server listens. */
export function* listenChecks(config: Config, now: number): Generator<Check> {
  const { baseUrl, listen } = config;
  yield addressCheck(config);
  yield listenCheck(config);
  if (listen.tls) yield tlsCheck(listen.tls, { host: bareHost(baseUrl), now });
}

function addressCheck({ baseUrl, listen, gate }: Config): Check {
  const { ok, warn, fail } = createReporter('baseUrl');
  const { origin } = baseUrl;
  const host = bareHost(baseUrl);
  const isHttps = baseUrl.protocol === 'https:';
  if (listen.tls && !isHttps) {
    return fail('base-url.address', `${origin} is an http URL, but the server listens with TLS`, {
      fix: 'Set baseUrl to an https:// URL, or remove listen.tls.',
    });
  }
  if (host === '::1') {
    return fail('base-url.address', 'B2C rejects redirect URIs with [::1]', {
      fix: 'Use http://localhost with the port.',
    });
  }
  if (isIP(host)) {
    return warn('base-url.address', `${origin} is an IP address`, {
      fix:
        host === '127.0.0.1' && !isHttps
          ? 'Use http://localhost. B2C accepts 127.0.0.1 through the manifest only, and browsers keep separate cookies for the two.'
          : 'Use a host name. Certificates for IP addresses are rare, and redirect URIs should have a host name.',
    });
  }
  const port = Number(baseUrl.port || (isHttps ? 443 : 80));
  // With a gate, users reach the port of the proxy.
  if (!gate && isLoopback(baseUrl) && port !== listen.port) {
    return warn(
      'base-url.address',
      `the port of ${origin} differs from listen.port, ${listen.port}`,
      {
        fix: `Ignore this if the server starts with --port ${port}, or if a proxy forwards one port to the other. Otherwise set both to one port.`,
      },
    );
  }
  const detail = isHttps
    ? `${origin}: cookies are Secure and have the prefix __Host-`
    : `${origin}, for development: plain HTTP, cookies without the prefix __Host-, and no front-channel logout, whose cookie requires HTTPS`;
  return ok('base-url.address', detail);
}

function listenCheck({ baseUrl, listen }: Config): Check {
  const { ok, warn } = createReporter('listen');
  const { host, port, tls } = listen;
  const address = `${host}, port ${port}`;
  if (isLoopbackOnly(host) || tls) {
    return ok('listen.address', `${address}${tls ? ', with TLS' : ', on loopback'}`);
  }
  if (baseUrl.protocol === 'http:') {
    return warn('listen.address', `${address}: other machines can reach it over plain HTTP`, {
      fix: 'Keep listen.host at 127.0.0.1 while baseUrl is http://localhost, or set up HTTPS.',
    });
  }
  return ok(
    'listen.address',
    `${address}, without TLS: only the reverse proxy of ${baseUrl.origin} should reach it`,
  );
}
