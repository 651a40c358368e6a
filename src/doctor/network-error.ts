/** A network error in plain language, and its fix. */
export interface NetworkError {
  detail: string;
  fix: string;
}

type Explain = (host: string) => NetworkError;

const unknownName: Explain = (host) => ({
  detail: `the host name ${host} cannot be resolved (DNS)`,
  fix: 'Check the spelling of the host, and that this machine can resolve public names.',
});
const refused: Explain = (host) => ({
  detail: `${host} refuses the connection: no server listens there`,
  fix: 'Check host and port. Start the emulator if it is meant.',
});
const noRoute: Explain = (host) => ({
  detail: `${host} cannot be reached from this machine`,
  fix: 'Allow connections to this host, port 443, in the firewall.',
});
const timeout: Explain = (host) => ({
  detail: `${host} does not respond in time`,
  fix: 'Check whether a firewall drops packets to this host. If the host is only slow, try again.',
});
const untrusted: Explain = (host) => ({
  detail: `the certificate of ${host} is from a CA that Node.js does not trust`,
  fix: 'If a proxy inspects TLS, trust its CA: NODE_EXTRA_CA_CERTS=/path/to/ca.pem. Do not disable certificate verification.',
});
const expired: Explain = (host) => ({
  detail: `the certificate of ${host} has expired or is not valid yet`,
  fix: 'Check the clock of this machine. If it is right, the operator of that host has to renew the certificate.',
});
const otherName: Explain = (host) => ({
  detail: `the certificate of the server at ${host} is for another name`,
  fix: 'Check the spelling of the host. A custom domain needs a separate certificate.',
});
const noTls: Explain = (host) => ({
  detail: `${host} does not respond with TLS`,
  fix: 'Check the port, and whether a proxy responds instead. An emulator without --https has an http:// URL.',
});
const closed: Explain = (host) => ({
  detail: `${host} closes the connection without a response`,
  fix: 'Check whether a proxy or firewall cuts the connection, and whether the server expects HTTPS.',
});
const noHttp: Explain = (host) => ({
  detail: `${host} does not respond with HTTP`,
  fix: 'Check host and port, and whether a proxy responds instead.',
});
const tooLarge: Explain = (host) => ({
  detail: `the response of ${host} is too large`,
  fix: 'Check whether a proxy responds instead.',
});
const unknown: Explain = (host) => ({
  detail: `the request to ${host} failed`,
  fix: 'Look up the error code, which comes from Node.js.',
});

const ERRORS: Record<string, Explain> = {
  ENOTFOUND: unknownName,
  EAI_AGAIN: unknownName,
  EAI_NODATA: unknownName,
  EAI_NONAME: unknownName,
  ECONNREFUSED: refused,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  EACCES: noRoute,
  EPERM: noRoute,
  ETIMEDOUT: timeout,
  TimeoutError: timeout,
  UND_ERR_CONNECT_TIMEOUT: timeout,
  UND_ERR_HEADERS_TIMEOUT: timeout,
  UND_ERR_BODY_TIMEOUT: timeout,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: expired,
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ECONNRESET: closed,
  EPIPE: closed,
  UND_ERR_SOCKET: closed,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: tooLarge,
};

/** Errors of a network that allows connections through its proxy only. */
const BLOCKED = [unknownName, refused, noRoute, timeout, closed];

/** Explains the error code of a direct connection. */
export function explainNetworkError(
  code: string,
  { host, hasProxy = false }: { host: string; hasProxy?: boolean },
): NetworkError {
  const explain = ERRORS[code] ?? (/^HPE_|^HTTPParserError$/.test(code) ? noHttp : unknown);
  const { detail, fix } = explain(host);
  const proxy =
    hasProxy && BLOCKED.includes(explain)
      ? ' HTTPS_PROXY is set, but b2c-signin connects directly: allow that for this host.'
      : '';
  return { detail: `${detail} (${code})`, fix: fix + proxy };
}
