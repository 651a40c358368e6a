import type { SignInErrorCode } from '../errors.ts';

/** What a visitor is shown for an error: never anything that a provider or a request said. */
export interface ErrorPage {
  status: number;
  title: string;
  advice: string;
  /** Where the one link leads. */
  next: 'home' | 'sign-in';
}

const LATER = 'Nothing is wrong with your account. Please try again in a few minutes.';
const AGAIN = 'Nothing has been changed. Please start again.';
const OPERATOR = 'Trying again will not help until the operators of this site have mended it.';

const PAGES: Record<SignInErrorCode, ErrorPage> = {
  bad_request: page(400, 'This address does not work', 'Please go back and try another link.'),
  not_found: page(404, 'There is nothing here', 'The page may have moved, or never existed.'),
  method_not_allowed: page(405, 'That is not possible here', 'Please use the links of this site.'),
  body_too_large: page(413, 'That was too much', 'What was sent is larger than this page accepts.'),
  unsupported_media_type: page(415, 'That is not a form', 'Please use the forms of this site.'),
  csrf_refused: page(
    403,
    'Not sent from this site',
    'To protect you, this works only from the pages of this site. Please open it here and try again.',
  ),
  fetch_refused: page(
    403,
    'Not opened by you',
    'To protect you, this works only as a page of its own. Please open it here and try again.',
  ),
  original_request_unclear: page(
    403,
    'This address is not allowed',
    'It could be read in two ways, so it is not passed on. Please go back and try another link.',
  ),
  callback_without_attempt: signIn(
    400,
    'This sign-in cannot be finished here',
    'It was started in another browser, finished before, or its cookie is gone. Please start again.',
  ),
  attempt_expired: signIn(
    400,
    'That took too long',
    'A sign-in must be finished within 15 minutes. Please start again.',
  ),
  attempt_used: signIn(
    400,
    'This sign-in was already used',
    'Each sign-in works once. If you are not signed in now, please start again.',
  ),
  state_mismatch: signIn(400, 'This sign-in does not belong to this browser', AGAIN),
  callback_malformed: signIn(400, 'The answer to this sign-in is incomplete', AGAIN),
  policy_not_configured: page(
    400,
    'That is not available here',
    'This site has not set up what you asked for. Please ask its operators.',
  ),
  sign_in_refused: signIn(
    403,
    'You were not signed in',
    'The sign-in service did not let you in. Please start again, or try another account.',
  ),
  provider_refused: signIn(
    400,
    'You were not signed in',
    'The sign-in service could not finish what you started. Please start again.',
  ),
  registration_refused: page(502, 'Sign-in is unavailable', OPERATOR),
  too_many_restarts: signIn(
    400,
    'The sign-in goes round in circles',
    'The sign-in service sent you back again and again. Please wait a moment, then start again.',
  ),
  authentication_too_old: signIn(
    403,
    'Please prove again that it is you',
    'What you asked for needs a fresh sign-in, and the sign-in service did not ask you for one.',
  ),
  subject_mismatch: page(
    403,
    'That was another account',
    'You are signed in here as somebody else. Sign out first, then sign in with the other account.',
  ),
  provider_unreachable: signIn(503, 'Sign-in is unavailable', LATER),
  provider_answer_invalid: signIn(502, 'Sign-in is unavailable', LATER),
  metadata_refused: page(502, 'Sign-in is unavailable', OPERATOR),
  grant_refused: signIn(
    400,
    'This sign-in is no longer valid',
    'It was used before or took too long. Please start again.',
  ),
  not_signed_in: signIn(
    401,
    'You are not signed in any more',
    'Your session has ended. Please sign in again.',
  ),
  not_allowed: page(
    403,
    'This is not for your account',
    'You are signed in, but this page is for other people. If that is wrong, ask its operators.',
  ),
  no_refresh_token: signIn(
    401,
    'Please sign in again',
    'What you asked for needs a fresh sign-in.',
  ),
  client_refused: page(502, 'Sign-in is unavailable', OPERATOR),
  id_token_refused: signIn(
    502,
    'You were not signed in',
    'The answer of the sign-in service could not be trusted, so it was thrown away.',
  ),
  policy_mismatch: signIn(
    502,
    'You were not signed in',
    'The sign-in service answered for another kind of sign-in than the one you started.',
  ),
  // Not "sign in again": the session is still there, and another one could not be kept either.
  store_unreachable: page(503, 'This site cannot be used at the moment', LATER),
  config_invalid: page(500, 'This site is not set up', OPERATOR),
  internal_error: page(500, 'Something went wrong here', LATER),
};

/** The page for an error code; every code has one. */
export const errorPageFor = (code: SignInErrorCode): ErrorPage => PAGES[code];

function page(status: number, title: string, advice: string): ErrorPage {
  return { status, title, advice, next: 'home' };
}

function signIn(status: number, title: string, advice: string): ErrorPage {
  return { status, title, advice, next: 'sign-in' };
}
