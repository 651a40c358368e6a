/** Alternating header names and values: the form that `writeHead` takes without copying. */
export type HeaderList = readonly string[];

/** Strict-Transport-Security (RFC 6797), only for HTTPS. */
export type Hsts = { maxAgeSeconds: number; includeSubDomains: boolean } | false | undefined;

/** Allows styles, images and forms of this site and the script file `script`, and nothing else. */
const pagePolicy = (script: URL | undefined): string =>
  [
    "default-src 'none'",
    ...(script ? [`script-src ${script.href}`] : []),
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * The headers of every response, for every status. The referrer policy is `same-origin`: with
 * `no-referrer`, browsers send `Origin: null` with the forms of this site.
 */
export function securityHeaders({ hsts, script }: { hsts?: Hsts; script?: URL }): HeaderList {
  return [
    ...['Content-Security-Policy', pagePolicy(script)],
    ...common(hsts),
    ...['X-Frame-Options', 'DENY'],
    ...['Cross-Origin-Resource-Policy', 'same-origin'],
  ];
}

/** The headers of an empty response that `origins` may show in a frame. */
export function frameHeaders({
  hsts,
  origins,
}: {
  hsts?: Hsts;
  origins: Iterable<string>;
}): HeaderList {
  const ancestors = `frame-ancestors ${[...origins].join(' ')}`;
  const policy = ["default-src 'none'", "base-uri 'none'", ancestors];
  return [
    ...['Content-Security-Policy', policy.join('; ')],
    ...common(hsts),
    ...['Cross-Origin-Resource-Policy', 'cross-origin'],
  ];
}

const common = (hsts: Hsts): HeaderList => [
  ...strictTransportSecurity(hsts),
  ...['X-Content-Type-Options', 'nosniff'],
  ...['Referrer-Policy', 'same-origin'],
  ...['Cross-Origin-Opener-Policy', 'same-origin'],
  ...['Cross-Origin-Embedder-Policy', 'require-corp'],
  ...[
    'Permissions-Policy',
    'accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  ],
];

const strictTransportSecurity = (hsts: Hsts): HeaderList =>
  hsts
    ? [
        'Strict-Transport-Security',
        `max-age=${hsts.maxAgeSeconds}${hsts.includeSubDomains ? '; includeSubDomains' : ''}`,
      ]
    : [];
