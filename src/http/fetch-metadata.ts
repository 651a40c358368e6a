import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';

/**
 * Whose requests a route answers, as far as the browser tells (W3C Fetch Metadata).
 * - `visitors`, the default: this site itself, and whoever follows a link to it from elsewhere. No
 *   image, script, frame or fetch of another site: it could learn from the answer who is signed in.
 * - `navigation`: only a page load that somebody sees, for what must not happen behind their back.
 * - `own-scripts`: this site itself, for what is no page.
 * - `anyone`: for what tells nothing about anybody.
 */
export type Audience = 'visitors' | 'navigation' | 'own-scripts' | 'anyone';

/**
 * Whoever does not say from which site is let in: old browsers do not, none does on plain http beyond
 * this machine, and a program with `Sec-Fetch-Mode` alone (the `fetch` of Node) is no browser. A POST is the business of `requireSameOrigin`, which is stricter.
 * @throws SignInError `fetch_refused`
 */
export function requireAudience({ method, headers }: IncomingMessage, audience: Audience): void {
  if (audience === 'anyone' || (method !== 'GET' && method !== 'HEAD')) return;
  const site = headers['sec-fetch-site'];
  const ownOrUnknown = site === undefined || site === 'same-origin' || site === 'none';
  const welcome =
    audience === 'navigation'
      ? (site === undefined || isPageLoad(headers)) && !isAhead(headers)
      : ownOrUnknown || (audience === 'visitors' && isPageLoad(headers));
  if (!welcome) throw new SignInError('fetch_refused', `not a request of ${audience}`);
}

type Headers = IncomingMessage['headers'];

function isPageLoad(headers: Headers): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

// `Sec-Purpose: prefetch;prerender` of current browsers, `Purpose` and `X-Moz` of older ones. Nobody
// has clicked yet; a refusal makes the browser ask again when somebody does.
function isAhead(headers: Headers): boolean {
  return ['sec-purpose', 'purpose', 'x-moz'].some((name) =>
    /prefetch|preview/i.test(String(headers[name])),
  );
}
