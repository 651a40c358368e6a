import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import { queryOf, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import type { AuthorizationHints } from '../oidc/authorization-request.ts';
import { type Parts, returnTargetOf } from './parts.ts';

/** One route for each policy: `/auth/sign_in`, `/auth/edit_profile`, … */
export function policyRoutes(parts: Parts): Route[] {
  const { begin, respond, paths } = parts;
  return [...paths.policies].map(([policy, path]) => ({
    path,
    // No image, frame or prefetch starts a sign-in that nobody asked for.
    audience: 'navigation',
    methods: {
      async GET(request, response) {
        const what = { policy, returnTo: returnTargetOf(request, parts), hints: hintsOf(request) };
        try {
          await begin(request, response, what);
        } catch (error) {
          throw error instanceof SignInError ? error.of(what) : error;
        }
      },
      // Whoever asks for headers alone is not about to sign in.
      HEAD: (_request, response) => respond.empty(response, 204),
    },
  }));
}

// Printable, and short enough to leave room for the rest of the address.
const HINT = /^[^\u0000-\u001f\u007f<>]{1,256}$/;

// Seconds, up to some years.
const MAX_AGE = /^\d{1,8}$/;

function hintsOf(request: IncomingMessage): AuthorizationHints {
  const query = queryOf(request);
  const hint = (name: string) => {
    const value = singleValue(query, name);
    return value !== undefined && HINT.test(value) ? value : undefined;
  };
  return {
    loginHint: hint('login_hint'),
    domainHint: hint('domain_hint'),
    uiLocales: hint('ui_locales'),
    prompt: hint('prompt') === 'login' ? 'login' : undefined,
    maxAgeSeconds: MAX_AGE.test(hint('max_age') ?? '') ? Number(hint('max_age')) : undefined,
  };
}
