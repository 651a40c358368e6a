/** Header names and values in turn, the form that `writeHead` takes without copying. */
export type HeaderList = readonly string[];

/** A page without script: styles, images and forms of this site, and nothing else. */
export const SCRIPTLESS_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The headers of every answer, whatever its status. `same-origin` as referrer policy and not
 * `no-referrer`, under which browsers send `Origin: null` with the site's own forms.
 */
export function securityHeaders({
  https,
  contentSecurityPolicy = SCRIPTLESS_POLICY,
}: {
  https: boolean;
  contentSecurityPolicy?: string;
}): HeaderList {
  return [
    ...['Content-Security-Policy', contentSecurityPolicy],
    ...(https ? ['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'] : []),
    ...['X-Content-Type-Options', 'nosniff'],
    ...['X-Frame-Options', 'DENY'],
    ...['Referrer-Policy', 'same-origin'],
    ...['Cross-Origin-Opener-Policy', 'same-origin'],
    ...['Cross-Origin-Embedder-Policy', 'require-corp'],
    ...['Cross-Origin-Resource-Policy', 'same-origin'],
    ...[
      'Permissions-Policy',
      'accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ],
  ];
}
