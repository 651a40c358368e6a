import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import type { AuthorizationHints } from '../oidc/authorization-request.ts';
import type { Policy, PolicyRef } from '../oidc/policy.ts';
import { type AppContext, parseReturnTo } from './app-context.ts';
import { parseLinkParameters } from './link-parameters.ts';

/** One route for each policy: `/auth/sign_in`, `/auth/edit_profile`, … */
export function policyRoutes(context: AppContext): Route[] {
  const { relyingParties } = context;
  return [...relyingParties].flatMap(([tenant, { policies }]) =>
    policies.map((policy) => policyRoute(tenant, policy, context)),
  );
}

function policyRoute(tenant: string, policy: Policy, context: AppContext): Route {
  const { startPolicy, respond } = context;
  const ref = { tenant, policy: policy.key };
  return {
    path: policy.path,
    // Images, frames and prefetches must not start a sign-in.
    audience: 'navigation',
    methods: {
      async GET(request, response) {
        const returnTo = parseReturnTo(request, context);
        const given = parseLinkParameters(request, policy);
        const link = given ? { linkParameters: given } : findRestarted(request, ref, context);
        const start = { ...ref, returnTo, hints: parseHints(request) };
        try {
          await startPolicy(request, response, { ...start, ...link });
        } catch (error) {
          const failed = { ...start, isLink: link !== undefined };
          throw error instanceof SignInError ? error.withAttempt(failed) : error;
        }
      },
      // HEAD starts no sign-in.
      HEAD: (_request, response) => respond.empty(response, 204),
    },
  };
}

/** The parameters of a failed attempt that the user starts again. */
function findRestarted(request: IncomingMessage, ref: PolicyRef, { attempts }: AppContext) {
  const id = singleValue(parseQuery(request), 'restart');
  const linkParameters = id && attempts.findLinkParameters(request, id, ref);
  return linkParameters ? { linkParameters, replacedId: id } : undefined;
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
    acrValues: hint('acr_values'),
    prompt: hint('prompt') === 'login' ? 'login' : undefined,
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
  };
}
