/**
 * Everything that can go wrong in a way somebody has to be told about. `docs/errors.md` explains
 * each code to operators, `pages/error-page.ts` to visitors; both are complete by test.
 */
export type SignInErrorCode =
  // what the browser sent
  | 'bad_request'
  | 'not_found'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'csrf_refused'
  | 'fetch_refused'
  | 'original_request_ambiguous'
  // the way back from the provider
  | 'callback_without_attempt'
  | 'attempt_expired'
  | 'attempt_used'
  | 'state_mismatch'
  | 'callback_malformed'
  | 'policy_not_configured'
  | 'sign_in_refused'
  | 'provider_refused'
  | 'registration_refused'
  | 'too_many_restarts'
  | 'authentication_too_old'
  | 'subject_mismatch'
  // what the provider answered
  | 'provider_unreachable'
  | 'provider_response_invalid'
  | 'metadata_refused'
  | 'grant_refused'
  | 'client_refused'
  | 'id_token_refused'
  | 'policy_mismatch'
  // the tokens of somebody who is signed in
  | 'not_signed_in'
  | 'not_allowed'
  | 'no_refresh_token'
  // this server
  | 'store_unreachable'
  | 'config_invalid'
  | 'internal_error';

/** The sign-in attempt that failed, so that it can be started again. */
export interface FailedAttempt {
  /** The name of the tenant and the key of its policy, see `PolicyRef` in `oidc/policy.ts`. */
  tenant: string;
  policy: string;
  returnTo: string;
  /** Where it had one already. Never for the log itself. */
  state?: string;
  uiLocales?: string | undefined;
}

/** One invalid setting. Contains no value of the configuration, which may be a secret. */
export interface ConfigIssue {
  /** The name to show: `client.secret`, `AzureAdB2C.ClientSecret`, `B2C_SIGNIN_LISTEN_PORT`. */
  setting: string;
  /** The setting in the native format: `['client', 'secret']`. Empty if no single setting is meant. */
  path: readonly string[];
  problem: string;
  /** What to do, where the problem does not say it. */
  fix?: string | undefined;
}

export interface SignInErrorOptions {
  /** The error underneath: for a debugger, never for the log (it can hold tokens). */
  cause?: unknown;
  /** The number that Azure AD B2C put in front of its message, such as `AADB2C90273`. */
  providerCode?: string | undefined;
  /** B2C's own correlation id, which its support asks for. */
  providerCorrelationId?: string | undefined;
  attempt?: FailedAttempt | undefined;
  /** The invalid settings, for `config_invalid`. */
  issues?: readonly ConfigIssue[];
}

/** The one error class. `message` is for the log and holds no secret; visitors see only a table row, developers both. */
export class SignInError extends Error {
  readonly code: SignInErrorCode;
  readonly providerCode: string | undefined;
  readonly providerCorrelationId: string | undefined;
  /** What the visitor was about to do, where it is known, so that he can start again. */
  readonly attempt: FailedAttempt | undefined;
  readonly issues: readonly ConfigIssue[];

  constructor(code: SignInErrorCode, message: string, options: SignInErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SignInError';
    this.code = code;
    this.providerCode = options.providerCode;
    this.providerCorrelationId = options.providerCorrelationId;
    this.attempt = options.attempt;
    this.issues = options.issues ?? [];
  }

  /** The same of one visitor's attempt: all who wait for one thing may be thrown one error. */
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

/**
 * What the log says of an error that is not ours: its own message may hold anything; its name and
 * where it was thrown tell enough.
 */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'something that is no error was thrown';
  const { stack = '', message } = thrown;
  // Behind the message, which could hold what looks like a place.
  const start = stack.indexOf(message);
  const frames = start === -1 ? '' : stack.slice(start + message.length);
  const place = /\n\s+at (?:.*[\\/])?([^\\/\n]+:\d+):\d+\)?/.exec(frames)?.[1];
  return `${thrown.name} at ${place ?? 'an unknown place'}`;
}
