interface ErrorRow {
  /** The status of the response. */
  status: number;
  /** The event in the log, and its level. */
  event: 'sign_in_failed' | 'request_failed' | 'csrf_refused' | 'fetch_refused';
  level: 'debug' | 'info' | 'warn' | 'error';
  /** Where the one link of the error page goes: to the start page, or to a new sign-in. */
  next: 'home' | 'signIn';
  /** Whether the log line advises to run `doctor`: it finds the cause, and no user can sign in. */
  doctor: boolean;
}

// The shape that most rows of a group share.
const request = { event: 'request_failed', level: 'debug', next: 'home', doctor: false } as const;
const callback = { event: 'sign_in_failed', level: 'warn', next: 'signIn', doctor: false } as const;
const outage = { event: 'sign_in_failed', level: 'error', next: 'signIn', doctor: false } as const;

/**
 * One row for each error that this application reports. `docs/errors.md` explains the codes to operators,
 * `templates/languages` to users; tests compare both with this table.
 */
const ROWS = {
  // Errors of the request
  bad_request: { ...request, status: 400 },
  not_found: { ...request, status: 404 },
  method_not_allowed: { ...request, status: 405 },
  body_too_large: { ...request, status: 413 },
  unsupported_media_type: { ...request, status: 415 },
  csrf_refused: { ...request, status: 403, event: 'csrf_refused', level: 'warn' },
  fetch_refused: { ...request, status: 403, event: 'fetch_refused', level: 'warn' },
  original_request_ambiguous: { ...request, status: 403 },
  link_too_long: { ...request, status: 400, event: 'sign_in_failed', level: 'warn' },
  // Errors of the callback. An error response is an expected end of a sign-in; a malformed one may be an attack.
  sign_in_not_started: { ...callback, status: 400 },
  callback_without_attempt: { ...callback, status: 400 },
  attempt_expired: { ...callback, status: 400 },
  attempt_used: { ...callback, status: 400 },
  state_mismatch: { ...callback, status: 400 },
  callback_malformed: { ...callback, status: 400 },
  policy_not_configured: { ...callback, status: 400, next: 'home' },
  sign_in_refused: { ...callback, status: 403, level: 'info' },
  provider_refused: { ...callback, status: 400, level: 'info' },
  // To start again with the same link, or without one, has the same result.
  hint_refused: { ...callback, status: 400, next: 'home' },
  registration_refused: { ...outage, status: 502, next: 'home', doctor: true },
  too_many_restarts: { ...callback, status: 400 },
  authentication_too_old: { ...callback, status: 403 },
  subject_mismatch: { ...callback, status: 403, next: 'home' },
  // Errors of the provider's responses
  provider_unreachable: { ...outage, status: 503, doctor: true },
  provider_response_invalid: { ...outage, status: 502 },
  metadata_refused: { ...outage, status: 502, next: 'home', doctor: true },
  grant_refused: { ...callback, status: 400 },
  client_refused: { ...outage, status: 502, next: 'home', doctor: true },
  id_token_refused: { ...outage, status: 502 },
  policy_mismatch: { ...outage, status: 502 },
  // Errors of a session
  not_signed_in: { ...request, status: 401, next: 'signIn' },
  not_allowed: { ...request, status: 403 },
  no_refresh_token: { ...callback, status: 401 },
  // Errors of this server. Not "sign in again" while the store is down: the session is still there, and a new
  // one could not be stored either.
  store_unreachable: { ...request, status: 503, level: 'error' },
  config_invalid: { ...outage, status: 500, next: 'home' },
  internal_error: { ...request, status: 500, level: 'error' },
} as const satisfies Record<string, ErrorRow>;

export type SignInErrorCode = keyof typeof ROWS;

export const ERROR_CODES: Readonly<Record<SignInErrorCode, ErrorRow>> = ROWS;

/** The sign-in that an error ended. */
export interface FailedAttempt {
  /** The name of the tenant and the key of its policy, see `PolicyRef` in `oidc/policy.ts`. */
  tenant: string;
  policy: string;
  returnTo: string;
  /** Present once the attempt has one. Only a hash of it may reach the log. */
  state?: string;
  uiLocales?: string | undefined;
  /** Names the cookie with the parameters of its link. A link to start it again contains this ID. */
  restartId?: string | undefined;
  /** Whether the request that failed was a link with parameters, which is still the URL of the page. */
  isLink?: boolean | undefined;
}

/** One invalid setting. Contains no value of the configuration, which may be a secret. */
export interface ConfigIssue {
  /** The name to show: `client.secret`, `AzureAdB2C.ClientSecret`, `B2C_SIGNIN_LISTEN_PORT`. */
  setting: string;
  /** The setting in the native format: `['client', 'secret']`. Empty if no single setting is meant. */
  path: readonly string[];
  problem: string;
  /** An instruction, unless the problem implies it. */
  fix?: string | undefined;
}

export interface SignInErrorOptions {
  /** The original error: for a debugger, never for the log (it can contain tokens). */
  cause?: unknown;
  /** The code at the start of the provider's message, such as `AADB2C90273`. */
  providerCode?: string | undefined;
  /** The OAuth error, such as `access_denied`, or the name that a custom policy gave its error. */
  providerError?: string | undefined;
  /** The correlation ID of B2C, which Microsoft support asks for. */
  providerCorrelationId?: string | undefined;
  attempt?: FailedAttempt | undefined;
  /** The invalid settings, for `config_invalid`. */
  issues?: readonly ConfigIssue[];
}

/** The one error class. `message` is for the log and contains no secret; users see only the texts of the code. */
export class SignInError extends Error {
  readonly code: SignInErrorCode;
  readonly providerCode: string | undefined;
  readonly providerError: string | undefined;
  readonly providerCorrelationId: string | undefined;
  /** The sign-in that failed, if known: the error page offers to start it again. */
  readonly attempt: FailedAttempt | undefined;
  readonly issues: readonly ConfigIssue[];

  constructor(code: SignInErrorCode, message: string, options: SignInErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SignInError';
    this.code = code;
    this.providerCode = options.providerCode;
    this.providerError = options.providerError;
    this.providerCorrelationId = options.providerCorrelationId;
    this.attempt = options.attempt;
    this.issues = options.issues ?? [];
  }

  /** A copy for one user's attempt: requests that wait for the same call get the same error. */
  withAttempt(attempt: FailedAttempt): SignInError {
    return this.attempt
      ? this
      : new SignInError(this.code, this.message, {
          ...this,
          cause: this.cause,
          attempt,
        });
  }
}

/** Describes an unexpected error for the log by name and source line: its message may contain anything. */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'the thrown value is not an error';
  const { stack = '', message } = thrown;
  // After the message, which could contain what looks like a stack frame.
  const start = stack.indexOf(message);
  const frames = start === -1 ? '' : stack.slice(start + message.length);
  const line = /\n\s+at (?:.*[\\/])?([^\\/\n]+:\d+):\d+\)?/.exec(frames)?.[1];
  return `${thrown.name} at ${line ?? 'an unknown line'}`;
}
