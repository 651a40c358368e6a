import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import type { LocalPath } from '../http/local-path.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import type { AuthorizationHints } from '../oidc/authorization-request.ts';
import type { PolicyRef } from '../oidc/policy.ts';
import { type AppContext, parseReturnTo } from './app-context.ts';

/** One route for each policy: `/auth/sign_in`, `/auth/edit_profile`, … */
export function policyRoutes(context: AppContext): Route[] {
  const { relyingParties } = context;
  return [...relyingParties].flatMap(([tenant, { policies }]) =>
    policies.map(({ key, path }) => policyRoute({ tenant, policy: key }, path, context)),
  );
}

function policyRoute(ref: PolicyRef, path: LocalPath, context: AppContext): Route {
  const { startPolicy, respond } = context;
  return {
    path,
    // Images, frames and prefetches must not start a sign-in.
    audience: 'navigation',
    methods: {
      async GET(request, response) {
        const returnTo = parseReturnTo(request, context);
        const start = { ...ref, returnTo, hints: parseHints(request) };
        try {
          await startPolicy(request, response, start);
        } catch (error) {
          throw error instanceof SignInError ? error.withAttempt(start) : error;
        }
      },
      // HEAD starts no sign-in.
      HEAD: (_request, response) => respond.empty(response, 204),
    },
  };
}

// Printable, and short enough to keep the URL short.
const HINT = /^[^\u0000-\u001f\u007f<>]{1,256}$/;

// Language tags (BCP 47) only. Unlike other hints they are stored in the attempt cookie, where other characters
// take three times the space, and browsers drop a cookie above 4096 bytes.
const LOCALES = /^[A-Za-z0-9 -]{1,256}$/;

// Seconds, up to three years.
const MAX_AGE = /^\d{1,8}$/;

function parseHints(request: IncomingMessage): AuthorizationHints {
  const query = parseQuery(request);
  const hint = (name: string, pattern = HINT) => {
    const value = singleValue(query, name);
    return value !== undefined && pattern.test(value) ? value : undefined;
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
