import { createHash } from 'node:crypto';

/** All events. `docs/errors.md` explains each one to operators. */
export type LogEvent =
  | 'listening'
  | 'stopping'
  | 'stopped'
  | 'config_reloaded'
  | 'config_refused'
  | 'worker_exited'
  | 'worker_crash_loop'
  | 'metadata_loaded'
  | 'provider_unreachable'
  | 'metadata_refused'
  | 'sign_in_started'
  | 'sign_in_completed'
  | 'sign_in_cancelled'
  | 'sign_in_diverted'
  | 'policy_completed'
  | 'sign_in_failed'
  | 'sign_out'
  | 'back_channel_logout_refused'
  | 'provider_request'
  | 'session_expired'
  | 'refresh_token_lost'
  | 'claims_refresh_failed'
  | 'claim_unreadable'
  | 'session_corrupt'
  | 'sessions_not_shared'
  | 'store_connected'
  | 'store_unreachable'
  | 'store_command'
  | 'log_level_raised'
  | 'log_level_restored'
  | 'csrf_refused'
  | 'fetch_refused'
  | 'gate_allowed'
  | 'gate_denied'
  | 'gate_denied_path'
  | 'request_failed'
  | 'unexpected_error'
  | 'log_lines_dropped';

/** The only fields a line can have. Secrets have no field, so they have no way in. */
export interface LogFields {
  /** A SignInErrorCode. */
  code?: string;
  /** The number that Azure AD B2C gave, `AADB2C90273`. */
  providerCode?: string | undefined;
  /** The OAuth error of the provider, `access_denied`, or the name that a custom policy gave its error. */
  providerError?: string | undefined;
  providerCorrelationId?: string | undefined;
  correlationId?: string;
  /** A message of this program about an error; never text from a provider. */
  detail?: string | undefined;
  /** The first step of the operator. */
  advice?: string | undefined;
  policy?: string | undefined;
  /** The first characters of a hash of `state`: identifies the lines of one sign-in. */
  attempt?: string | undefined;
  /** The trace ID from the request's `traceparent` header. */
  traceId?: string | undefined;
  status?: number;
  path?: string | undefined;
  /** At the gate: the path of the rule that decided, and the claim that did not match. Never its value. */
  rule?: string | undefined;
  claim?: string | undefined;
  method?: string;
  /** The first characters of a hash of the session id. */
  session?: string;
  durationMs?: number;
  /** The call to the provider or the command to the store, and its outcome: `ok` or a reason. */
  call?: string;
  command?: string;
  outcome?: string;
  address?: string;
  version?: string;
  issuer?: string;
  signal?: string;
  /** The number of the worker process. */
  worker?: number;
  /** For `log_lines_dropped`: the event and the number of lines dropped in one second. */
  event?: LogEvent;
  dropped?: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export type LineLevel = Exclude<LogLevel, 'silent'>;

export type Log = Record<LineLevel, (event: LogEvent, fields?: LogFields) => void>;

/** A log that reports which levels it writes. */
export interface LeveledLog extends Log {
  /** Whether a line of this level would be written. */
  writes(level: LineLevel): boolean;
}

/** A log whose level can be changed at any time. */
export interface AdjustableLog extends LeveledLog {
  setLevel(level: LogLevel): void;
}

/** A logger with pino's interface. */
export interface Logger extends Record<LineLevel, (fields: object, message: string) => void> {
  isLevelEnabled?(level: LineLevel): boolean;
}

/** Writes events to the application's logger, which decides on the level. */
export function fromLogger(logger: Logger): LeveledLog {
  const at =
    (level: LineLevel) =>
    (event: LogEvent, fields: LogFields = {}) =>
      logger[level](fields, event);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    writes: (level) => logger.isLevelEnabled?.(level) ?? true,
  };
}

// pino's numbers, so that its tools can read these lines.
const NUMBER: Record<LogLevel, number> = { debug: 20, info: 30, warn: 40, error: 50, silent: 100 };
const MAX_FIELD_LENGTH = 512;

export interface LogOptions {
  level: LogLevel;
  /** Takes one line, newline included. */
  write: (line: string) => void;
  now?: () => number;
  /** The number of the worker process. */
  worker?: number | undefined;
}

/** Creates a log of JSON lines with `level`, `time` (epoch milliseconds), `msg` (the event) and the fields. */
export function createLog({
  level: first,
  write,
  now = Date.now,
  worker,
}: LogOptions): AdjustableLog {
  let threshold = NUMBER[first];
  const writes = (level: LineLevel) => NUMBER[level] >= threshold;
  const at = (level: LineLevel) => (event: LogEvent, fields?: LogFields) => {
    if (!writes(level)) return;
    const line = { level: NUMBER[level], time: now(), msg: event, worker, ...fields };
    write(`${JSON.stringify(line, shorten).replace(UNSAFE, escapeCharacter)}\n`);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    writes,
    setLevel(level) {
      threshold = NUMBER[level];
    },
  };
}

/** Returns a short hash that identifies a secret in log and pages without revealing it. */
export const shortHash = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex').slice(0, 12);

/** Returns the milliseconds since a time of `performance.now()`. */
export const elapsedMs = (start: number): number =>
  Math.round((performance.now() - start) * 1_000) / 1_000;

// Characters that JSON.stringify does not escape: terminal control characters, separators that some readers
// treat as a line end, and marks that change the text direction.
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escapeCharacter = (character: string) =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Makes foreign text safe for a terminal: one short line without control characters. */
export function sanitizeForTerminal(text: string): string {
  const short = text.length > MAX_FIELD_LENGTH ? `${text.slice(0, MAX_FIELD_LENGTH - 1)}…` : text;
  return short.replace(/[\u0000-\u001f]+/g, ' ').replace(UNSAFE, escapeCharacter);
}

function shorten(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, MAX_FIELD_LENGTH) : value;
}
