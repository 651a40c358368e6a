/** What a fault of the network is, and what to do, with `what` as the other side. */
export interface NetworkFault {
  detail: string;
  mend: string;
}

type Explain = (host: string) => NetworkFault;

const TRUST =
  'If a proxy of your network opens TLS, give its authority to Node: NODE_EXTRA_CA_CERTS=/path/to/ca.pem. Never switch the check off.';

const unknownName: Explain = (host) => ({
  detail: `the name ${host} is not known (DNS)`,
  mend: 'Compare the host letter by letter, and see that this machine can resolve names of the internet.',
});
const refused: Explain = (host) => ({
  detail: `${host} refuses the connection: nothing listens there`,
  mend: 'Compare host and port; a local tenant has to be started first.',
});
const noRoute: Explain = (host) => ({
  detail: `there is no way from this machine to ${host}`,
  mend: 'Let the firewall allow connections to that host, port 443.',
});
const timeout: Explain = (host) => ({
  detail: `${host} does not answer in time`,
  mend: 'See whether a firewall drops what goes to that host; if it is only slow, try again.',
});
const untrusted: Explain = (host) => ({
  detail: `the certificate of ${host} is of an authority that Node does not trust`,
  mend: TRUST,
});
const expired: Explain = (host) => ({
  detail: `the certificate of ${host} has expired or is not valid yet`,
  mend: 'Look at the clock of this machine first; if that is right, the other side has to renew its certificate.',
});
const otherName: Explain = (host) => ({
  detail: `the certificate of the server at ${host} is for another name`,
  mend: 'Compare the host letter by letter; a custom domain needs a certificate of its own.',
});
const noTls: Explain = (host) => ({
  detail: `${host} does not speak TLS as it should`,
  mend: 'Compare the port, and see whether a proxy answers in its place; a local tenant without --https has an address that begins with http://.',
});
const closed: Explain = (host) => ({
  detail: `${host} closes the connection without an answer`,
  mend: 'See whether a proxy or firewall in between cuts it, and whether https is what the other side expects.',
});
const noHttp: Explain = (host) => ({
  detail: `what ${host} answers is not HTTP as it should be`,
  mend: 'Compare host and port, and see whether a proxy answers in its place.',
});

const FAULTS: Record<string, Explain> = {
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
  UND_ERR_RES_EXCEEDED_MAX_SIZE: (host) => ({
    detail: `${host} answers far more than such an answer has`,
    mend: 'See whether a proxy answers in its place.',
  }),
};

/** A fault that a direct connection meets, in plain words. */
export function explainNetworkFault(
  code: string,
  { host, hasProxy = false }: { host: string; hasProxy?: boolean },
): NetworkFault {
  const explain = FAULTS[code] ?? (/^HPE_|^HTTPParserError$/.test(code) ? noHttp : undefined);
  const { detail, mend } = explain?.(host) ?? {
    detail: `${host} cannot be asked`,
    mend: 'Look the reason up; it is the name that Node gives to the fault.',
  };
  const isBlocked = [unknownName, refused, noRoute, timeout, closed].includes(explain ?? noHttp);
  // Whoever sets these variables lives behind a proxy, which this program does not ask.
  const proxy =
    hasProxy && isBlocked
      ? ' HTTPS_PROXY is set, but this program connects directly: the network has to allow that for this host.'
      : '';
  return { detail: `${detail} (${code})`, mend: mend + proxy };
}
