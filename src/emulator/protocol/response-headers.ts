import { randomBytes } from 'node:crypto';
import type { HeaderList } from '../../http/security-headers.ts';

/**
 * With every answer. Other than on the application's own pages, nothing here cuts the tie to the
 * window that opened this one or asks frames to opt in: sign-in in a popup and front-channel logout
 * need both, and B2C allows them. Never HSTS: it would bind every other server on localhost to https.
 */
export const EMULATOR_HEADERS: HeaderList = [
  ...['X-Content-Type-Options', 'nosniff'],
  ...['X-Frame-Options', 'DENY'],
  // What browsers do at B2C, which says nothing: frames for front-channel logout tell who framed them.
  ...['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ...['Cross-Origin-Opener-Policy', 'unsafe-none'],
];

export interface PagePolicy {
  /** Of the page's inline script. */
  nonce?: string;
  /** Origins that the page may show in frames. */
  frames?: readonly string[];
  /** The page's frame is the developer's own: its styles, pictures and fonts may be anywhere. */
  hasCustomContent?: boolean;
  /** Scripts of such a page, as B2C allows them on demand. */
  allowsCustomScript?: boolean;
}

export const createNonce = (): string => randomBytes(16).toString('base64');

/**
 * Page objects read inline `style` attributes, so these are allowed. There is no `form-action`:
 * Chromium applies it to the redirect after a form too, and that one leads to the application.
 */
export function pageHeaders({
  nonce,
  frames = [],
  hasCustomContent = false,
  allowsCustomScript = false,
}: PagePolicy = {}): HeaderList {
  const anywhere = hasCustomContent ? ' http: https: data:' : '';
  const scripts = allowsCustomScript
    ? " 'unsafe-inline' http: https:"
    : nonce
      ? ` 'nonce-${nonce}'`
      : '';
  const policy = [
    "default-src 'none'",
    `style-src 'self'${hasCustomContent ? " 'unsafe-inline' http: https:" : ''}`,
    "style-src-attr 'unsafe-inline'",
    `script-src 'self'${scripts}`,
    "connect-src 'self'",
    `img-src 'self'${anywhere}`,
    `font-src 'self'${anywhere}`,
    ...(frames.length > 0 ? [`frame-src ${frames.join(' ')}`] : []),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return ['Content-Security-Policy', policy];
}
