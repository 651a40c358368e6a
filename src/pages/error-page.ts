import type { SignInErrorCode } from '../errors.ts';

/** What becomes of an error; what visitors read of it is in the language files, by its code. */
export interface ErrorPage {
  status: number;
  /** Where the one link leads. */
  next: 'home' | 'signIn';
}

const PAGES: Record<SignInErrorCode, ErrorPage> = {
  bad_request: page(400),
  not_found: page(404),
  method_not_allowed: page(405),
  body_too_large: page(413),
  unsupported_media_type: page(415),
  csrf_refused: page(403),
  fetch_refused: page(403),
  original_request_ambiguous: page(403),
  callback_without_attempt: signIn(400),
  attempt_expired: signIn(400),
  attempt_used: signIn(400),
  state_mismatch: signIn(400),
  callback_malformed: signIn(400),
  policy_not_configured: page(400),
  sign_in_refused: signIn(403),
  provider_refused: signIn(400),
  registration_refused: page(502),
  too_many_restarts: signIn(400),
  authentication_too_old: signIn(403),
  subject_mismatch: page(403),
  provider_unreachable: signIn(503),
  provider_response_invalid: signIn(502),
  metadata_refused: page(502),
  grant_refused: signIn(400),
  not_signed_in: signIn(401),
  not_allowed: page(403),
  no_refresh_token: signIn(401),
  client_refused: page(502),
  id_token_refused: signIn(502),
  policy_mismatch: signIn(502),
  // Not "sign in again": the session is still there, and another one could not be kept either.
  store_unreachable: page(503),
  config_invalid: page(500),
  internal_error: page(500),
};

/** The page for an error code; every code has one. */
export const errorPageFor = (code: SignInErrorCode): ErrorPage => PAGES[code];

function page(status: number): ErrorPage {
  return { status, next: 'home' };
}

function signIn(status: number): ErrorPage {
  return { status, next: 'signIn' };
}
