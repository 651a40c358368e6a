import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Responder } from '../http/response.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Log } from '../log/log.ts';
import type { AuthorizationHints } from '../oidc/authorization-request.ts';
import type { RelyingParty } from '../oidc/relying-party.ts';
import type { AttemptCookies } from './attempt-cookies.ts';
import { attemptLogFields } from './attempt-log-fields.ts';

/** Sends a visitor to the provider with a policy, and back to `returnTo` afterwards. */
export type StartPolicy = (
  request: IncomingMessage,
  response: ServerResponse,
  what: {
    policy: string;
    returnTo: ReturnTarget;
    hints?: AuthorizationHints;
    restarts?: number;
    status?: 302 | 303;
  },
) => Promise<void>;

export function createStartPolicy({
  relyingParty,
  attempts,
  respond,
  log,
}: {
  relyingParty: RelyingParty;
  attempts: AttemptCookies;
  respond: Responder;
  log: Log;
}): StartPolicy {
  return async (request, response, what) => {
    const { policy, returnTo, hints = {}, restarts = 0, status = 302 } = what;
    const { url, attempt } = await relyingParty.begin(policy, hints);
    attempts.remember(request, response, {
      ...attempt,
      binding: relyingParty.findFingerprint(policy),
      returnTo,
      restarts,
      uiLocales: hints.uiLocales,
      prompt: hints.prompt,
      maxAgeSeconds: hints.maxAgeSeconds,
    });
    log.debug('sign_in_started', attemptLogFields(request, attempt));
    respond.redirect(response, status, url);
  };
}
