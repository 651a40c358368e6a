import { randomBytes } from 'node:crypto';
import type { HeaderList } from '../../http/security-headers.ts';

/**
 * Sent with every response, also with pages that applications may frame. Unlike the server's pages, the
 * emulator's keep `window.opener` and allow frames without opt-in: sign-in in a popup and front-channel
 * logout need both, and B2C allows them. No HSTS: it would force every other server on localhost to HTTPS.
 */
export const FRAMED_PAGE_HEADERS: HeaderList = [
  ...['X-Content-Type-Options', 'nosniff'],
  // The browsers' default, which applies to B2C: frames of front-channel logout receive a referrer.
  ...['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ...['Cross-Origin-Opener-Policy', 'unsafe-none'],
];

// X-Frame-Options cannot name origins, so pages that applications may frame do not have it.
export const EMULATOR_HEADERS: HeaderList = [...FRAMED_PAGE_HEADERS, 'X-Frame-Options', 'DENY'];

export interface PagePolicy {
  /** Nonce of the inline script. */
  nonce?: string;
  /** Allowed origins of frames. */
  frames?: readonly string[];
  /** Origins that may show the page in a frame. */
  framedBy?: readonly string[];
  /** A custom page: styles, images and fonts can come from any origin. */
  hasCustomContent?: boolean;
  /** Allows the scripts of a custom page, a setting of B2C. */
  allowsCustomScript?: boolean;
}

export const createNonce = (): string => randomBytes(16).toString('base64');

/**
 * Allows inline `style` attributes, which page objects read. There is no `form-action`: Chromium also
 * applies it to the redirect after a form, which goes to the application.
 */
export function pageHeaders({
  nonce,
  frames = [],
  framedBy = [],
  hasCustomContent = false,
  allowsCustomScript = false,
}: PagePolicy = {}): HeaderList {
  const anywhere = hasCustomContent ? ' http: https:' : '';
  // B2C stops neither calls of APIs nor frames, such as that of a CAPTCHA.
  const anyHost = allowsCustomScript ? ' http: https:' : '';
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
    `connect-src 'self'${anyHost}`,
    // The style sheet contains the marks of identity providers.
    `img-src 'self' data:${anywhere}`,
    `font-src 'self'${anywhere && `${anywhere} data:`}`,
    `frame-src${anyHost || ` ${frames.join(' ') || "'none'"}`}`,
    "base-uri 'none'",
    `frame-ancestors ${framedBy.join(' ') || "'none'"}`,
  ].join('; ');
  return ['Content-Security-Policy', policy];
}
