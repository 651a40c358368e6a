import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import type { LocalPath } from '../http/local-path.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import type { AuthorizationHints } from '../oidc/authorization-request.ts';
import type { PolicyRef } from '../oidc/policy.ts';
import { type AppContext, parseReturnTo } from './app-context.ts';

/** One route for each policy: `/auth/sign_in`, `/auth/edit_profile`, … */
export function policyRoutes(parts: AppContext): Route[] {
  const { relyingParties } = parts;
  return [...relyingParties].flatMap(([tenant, { policies }]) =>
    policies.map(({ key, path }) => policyRoute({ tenant, policy: key }, path, parts)),
  );
}

function policyRoute(ref: PolicyRef, path: LocalPath, parts: AppContext): Route {
  const { startPolicy, respond } = parts;
  return {
    path,
    // No image, frame or prefetch starts a sign-in that nobody asked for.
    audience: 'navigation',
    methods: {
      async GET(request, response) {
        const start = { ...ref, returnTo: parseReturnTo(request, parts), hints: hintsOf(request) };
        try {
          await startPolicy(request, response, start);
        } catch (error) {
          throw error instanceof SignInError ? error.withAttempt(start) : error;
        }
      },
      // Whoever asks for headers alone is not about to sign in.
      HEAD: (_request, response) => respond.empty(response, 204),
    },
  };
}

// Printable, and short enough to leave room for the rest of the address.
const HINT = /^[^\u0000-\u001f\u007f<>]{1,256}$/;

// Tags of BCP 47: unlike the other hints they travel in the attempt's cookie, where other scripts take
// three times the room and browsers drop it whole above 4096 bytes.
const LOCALES = /^[A-Za-z0-9 -]{1,256}$/;

// Seconds, up to some years.
const MAX_AGE = /^\d{1,8}$/;

function hintsOf(request: IncomingMessage): AuthorizationHints {
  const query = parseQuery(request);
  const hint = (name: string, form = HINT) => {
    const value = singleValue(query, name);
    return value !== undefined && form.test(value) ? value : undefined;
  };
  const maxAge = hint('max_age', MAX_AGE);
  return {
    loginHint: hint('login_hint'),
    domainHint: hint('domain_hint'),
    uiLocales: hint('ui_locales', LOCALES),
    prompt: hint('prompt') === 'login' ? 'login' : undefined,
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
  };
}
