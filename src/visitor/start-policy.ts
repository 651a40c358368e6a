import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Responder } from '../http/response.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Log } from '../log/log.ts';
import type { AuthorizationHints, LinkParameters } from '../oidc/authorization-request.ts';
import type { PolicyRef } from '../oidc/policy.ts';
import {
  findFingerprint,
  findPolicy,
  type RelyingParties,
  requireRelyingParty,
} from '../oidc/relying-parties.ts';
import type { AttemptCookies } from './attempt-cookies.ts';
import { attemptLogFields } from './attempt-log-fields.ts';

/** Redirects the browser to the provider to run a policy. The callback then redirects to `returnTo`. */
export type StartPolicy = (
  request: IncomingMessage,
  response: ServerResponse,
  start: PolicyRef & {
    returnTo: ReturnTarget;
    hints?: AuthorizationHints;
    restarts?: number;
    linkParameters?: LinkParameters | undefined;
    /** The policy that signs in afterwards, if this one does not. Default: `signIn`. */
    signInWith?: string | undefined;
    /** The ID of the retained attempt that this one replaces. */
    replacedId?: string | undefined;
    status?: 302 | 303;
  },
) => Promise<void>;

export function createStartPolicy({
  relyingParties,
  attempts,
  needsCredentials,
  respond,
  log,
}: {
  relyingParties: RelyingParties;
  attempts: AttemptCookies;
  /** Whether the provider must ask for credentials, although it may have a session of the user. */
  needsCredentials: (request: IncomingMessage) => Promise<boolean>;
  respond: Responder;
  log: Log;
}): StartPolicy {
  return async (request, response, start) => {
    const { tenant, policy, returnTo, linkParameters } = start;
    const { restarts = 0, signInWith, replacedId, status = 302 } = start;
    const prompt = (await needsCredentials(request)) ? 'login' : start.hints?.prompt;
    const hints = { ...start.hints, prompt };
    const relyingParty = requireRelyingParty(relyingParties, start);
    const { url, attempt } = await relyingParty.begin(policy, { hints, linkParameters });
    const started = {
      ...attempt,
      tenant,
      fingerprint: findFingerprint(relyingParties, start),
      returnTo,
      restarts,
      uiLocales: hints.uiLocales,
      prompt: hints.prompt,
      maxAgeSeconds: hints.maxAgeSeconds,
      signInWith: findPolicy(relyingParties, start)?.signsIn ? policy : signInWith,
      linkParameters,
    };
    if (replacedId) attempts.forget(response, replacedId);
    attempts.remember(request, response, started);
    log.debug('sign_in_started', attemptLogFields(request, started));
    respond.redirect(response, status, url);
  };
}
