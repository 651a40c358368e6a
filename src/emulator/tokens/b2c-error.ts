import { randomUUID } from 'node:crypto';

/**
 * B2C's error codes, each with its OAuth error and a message. Clients do not parse the message, but
 * operators search for its quoted values. The codes come from Microsoft's list and from responses
 * that users have published.
 */
const ERRORS = {
  AADB2C90006: [
    'redirect_uri_mismatch',
    "The redirect URI '{redirectUri}' is not registered for the client '{clientId}'.",
  ],
  AADB2C90007: ['invalid_request', "The client '{clientId}' has no registered redirect URIs."],
  AADB2C90008: ['invalid_request', 'The request does not contain a client id.'],
  AADB2C90010: ['invalid_request', 'The request does not contain a scope.'],
  AADB2C90013: ['unsupported_response_type', "The response type '{value}' is not supported."],
  AADB2C90014: ['invalid_request', "The response mode '{value}' is not supported."],
  AADB2C90018: [
    'invalid_request',
    "The client id '{clientId}' is not registered in tenant '{tenant}'.",
  ],
  AADB2C90043: [
    'invalid_request',
    "The prompt '{value}' is not one of none, login, consent, select_account.",
  ],
  AADB2C90046: [
    'server_error',
    'The state of this sign-in is lost. Start again from the application.',
  ],
  AADB2C90047: ['server_error', "The resource '{content}' cannot be used: {reason}."],
  AADB2C90055: [
    'invalid_request',
    "The scope '{scope}' names no resource, and the request needs one.",
  ],
  AADB2C90057: ['unauthorized_client', 'The application is not allowed to use the implicit flow.'],
  AADB2C90067: ['invalid_request', "The post logout redirect URI '{value}' is not valid."],
  AADB2C90068: [
    'invalid_request',
    "The client '{clientId}' is not registered for accounts of this tenant.",
  ],
  AADB2C90077: ['interaction_required', 'There is no session, and prompt=none allows no page.'],
  AADB2C90079: ['invalid_request', 'A confidential client has to send a client_secret.'],
  AADB2C90080: [
    'invalid_grant',
    'The grant has expired. Current time: {now}, issued: {issued}, expired: {expires}.',
  ],
  AADB2C90081: ['invalid_client', 'The client_secret does not match the one of this client.'],
  AADB2C90083: ['invalid_request', "The request lacks the parameter '{name}'."],
  AADB2C90084: ['invalid_request', 'A public client must not send a client_secret.'],
  AADB2C90085: ['invalid_grant', 'The grant cannot be read.'],
  AADB2C90086: ['unsupported_grant_type', "The grant type '{value}' is not supported."],
  AADB2C90088: [
    'invalid_grant',
    "The grant was not issued by this policy. Actual: '{actual}', expected: '{expected}'.",
  ],
  AADB2C90091: ['access_denied', 'The user has cancelled.'],
  AADB2C90092: ['invalid_request', "The client '{clientId}' is disabled."],
  AADB2C90110: [
    'invalid_request',
    "The scope must contain 'openid' when an ID token is asked for.",
  ],
  AADB2C90115: [
    'invalid_request',
    "The scope must contain 'openid' or a resource when a code is asked for.",
  ],
  AADB2C90117: ['invalid_request', "The scope '{scope}' is not supported."],
  AADB2C90118: ['access_denied', 'The user has forgotten their password.'],
  AADB2C90120: ['invalid_request', "The max_age '{value}' is not a number of seconds."],
  AADB2C90122: ['invalid_request', 'The request contains markup.'],
  AADB2C90128: ['invalid_grant', 'The account of this grant no longer exists.'],
  AADB2C90129: ['invalid_grant', 'The grant has been revoked.'],
  AADB2C90146: ['invalid_request', "The scope '{scope}' names more than one resource."],
  AADB2C90182: ['invalid_grant', 'The code_verifier does not match the code_challenge.'],
  AADB2C90183: ['invalid_grant', 'The code_verifier is missing or malformed.'],
  AADB2C90184: ['invalid_request', "The code_challenge_method '{value}' is not supported."],
  AADB2C90205: [
    'unauthorized_client',
    "The client '{clientId}' has no permission for the scope '{scope}'.",
  ],
  AADB2C90208: ['invalid_request', 'The id_token_hint has expired.'],
  AADB2C90209: ['invalid_request', 'The audience of the id_token_hint is not the expected one.'],
  AADB2C90210: ['invalid_request', 'The id_token_hint is not valid.'],
  AADB2C90224: ['access_denied', 'The password grant is not enabled for this policy.'],
  AADB2C90225: ['access_denied', 'The username or password provided in the request are invalid.'],
  AADB2C90232: ['invalid_request', 'The issuer of the id_token_hint is not the expected one.'],
  AADB2C90233: ['invalid_request', 'The signature of the id_token_hint is not valid.'],
  AADB2C90235: ['server_error', "The id_token of '{provider}' has expired."],
  AADB2C90237: ['server_error', "The audience of the id_token of '{provider}' is not the client."],
  AADB2C90238: ['server_error', "The issuer of the id_token of '{provider}' is not valid."],
  AADB2C90239: ['server_error', "The signature of the id_token of '{provider}' is not valid."],
  AADB2C90240: ['server_error', "The id_token of '{provider}' is not valid: {reason}."],
  AADB2C90243: ['server_error', "The identity provider '{provider}' rejected the client secret."],
  AADB2C90244: ['temporarily_unavailable', 'There are too many requests at this moment.'],
  AADB2C90255: ['server_error', 'A claims exchange of this step failed.'],
  AADB2C90272: ['invalid_request', 'The id_token_hint is missing.'],
  AADB2C90273: [
    'access_denied',
    "The identity provider '{provider}' answered with an error: {reason}.",
  ],
  AADB2C90279: [
    'invalid_grant',
    "The client '{clientId}' is not the one this grant was issued to.",
  ],
  AADB2C90287: ['invalid_request', "The redirect URI '{redirectUri}' is not a URI."],
  AADB2C90289: ['server_error', "The identity provider '{provider}' cannot be reached."],
  AADB2C99005: ['invalid_request', "The scope '{scope}' contains an illegal character."],
  AADB2C99059: ['invalid_request', 'A single-page application has to send a code_challenge.'],
} as const satisfies Record<string, readonly [error: string, sentence: string]>;

export type B2cErrorCode = keyof typeof ERRORS;

export const isErrorCode = (code: unknown): code is B2cErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERRORS, code);

/** An error response of B2C. The message consists of code and text. */
export class B2cError extends Error {
  readonly code: B2cErrorCode;
  readonly error: string;

  constructor(code: B2cErrorCode, details: Record<string, string | number> = {}, error?: string) {
    const [defaultError, sentence] = ERRORS[code];
    const text = sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
    super(`${code}: ${text}`);
    this.name = 'B2cError';
    this.code = code;
    // One code has different OAuth errors at different endpoints (AADB2C90006).
    this.error = error ?? defaultError;
  }
}

/** Correlation ID and a timestamp like `2021-07-15 02:39:57Z`, for support requests. */
export function errorStamp(now: number): { correlationId: string; timestamp: string } {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return { correlationId: randomUUID(), timestamp };
}
