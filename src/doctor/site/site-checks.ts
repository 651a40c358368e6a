import { isIP } from 'node:net';
import type { Config } from '../../config/config.ts';
import { isLoopback } from '../../config/urls.ts';
import { type Check, checksAbout } from '../check.ts';
import { tlsCheck } from './tls-check.ts';

/** Of `listen.host`, which is no address of a page: ::1 has no brackets there. */
export const isForThisMachineAlone = (host: string): boolean =>
  /^(localhost|127\.0\.0\.1|::1)$/.test(host);

const bareHost = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, '$1');

/** The public address, and where and how the server listens. */
export function* siteChecks(config: Config, now: number): Generator<Check> {
  const { baseUrl, listen } = config;
  yield addressCheck(config);
  yield listenCheck(config);
  if (listen.tls) yield tlsCheck(listen.tls, { host: bareHost(baseUrl), now });
}

function addressCheck({ baseUrl, listen, gate }: Config): Check {
  const { ok, warn, mend } = checksAbout('baseUrl');
  const { origin } = baseUrl;
  const host = bareHost(baseUrl);
  const isHttps = baseUrl.protocol === 'https:';
  if (listen.tls && !isHttps) {
    return mend('base-url.address', `${origin} is http, and the server listens with TLS`, {
      mend: 'Let baseUrl begin with https://, or take listen.tls out.',
    });
  }
  if (host === '::1') {
    return mend('base-url.address', 'B2C takes no redirect URI with [::1]', {
      mend: 'Use http://localhost with the port.',
    });
  }
  if (isIP(host)) {
    return warn('base-url.address', `${origin} is an IP address`, {
      mend:
        host === '127.0.0.1' && !isHttps
          ? 'Use http://localhost: B2C takes 127.0.0.1 through the manifest alone, and the two are two sites with two sets of cookies.'
          : 'Use a name: few certificates are for an IP address, and a redirect URI should have a name.',
    });
  }
  const port = Number(baseUrl.port || (isHttps ? 443 : 80));
  // The proxy of a gate is where people come.
  if (!gate && isLoopback(baseUrl) && port !== listen.port) {
    return warn('base-url.address', `${origin} has another port than listen.port, ${listen.port}`, {
      mend: `In order if the server is started with --port ${port}, or something in between leads from one port to the other; else give both the same.`,
    });
  }
  const detail = isHttps
    ? `${origin}: cookies are Secure and carry the prefix __Host-`
    : `${origin}, for development: plain http, cookies without the prefix __Host-, and no sign-out from other applications, whose cookie needs https`;
  return ok('base-url.address', detail);
}

function listenCheck({ baseUrl, listen }: Config): Check {
  const { ok, warn } = checksAbout('listen');
  const { host, port, tls } = listen;
  const place = `${host}, port ${port}`;
  if (isForThisMachineAlone(host) || tls) {
    return ok('listen.address', `${place}${tls ? ', with TLS' : ', for this machine alone'}`);
  }
  if (baseUrl.protocol === 'http:') {
    return warn('listen.address', `${place}: others can reach it, over plain http`, {
      mend: 'Leave listen.host at 127.0.0.1 while baseUrl is http://localhost, or set up https.',
    });
  }
  return ok(
    'listen.address',
    `${place}, without TLS of its own: only the proxy that answers ${baseUrl.origin} should reach it`,
  );
}
