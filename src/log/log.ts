import { createHash } from 'node:crypto';

/** What can happen. `docs/errors.md` says what each event means to an operator. */
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
  | 'provider_request'
  | 'session_expired'
  | 'refresh_token_lost'
  | 'claims_refresh_failed'
  | 'session_corrupt'
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
  /** Our own sentence about an error; never a provider's text. */
  detail?: string | undefined;
  /** What whoever runs this does about it first. */
  advice?: string | undefined;
  policy?: string | undefined;
  /** The first characters of a hash of `state`: what the lines of one sign-in have in common. */
  attempt?: string | undefined;
  /** Of the trace that the request belongs to, as its `traceparent` says. */
  traceId?: string | undefined;
  status?: number;
  path?: string | undefined;
  /** At the gate: the path of the rule that decided, and the claim that did not match. */
  rule?: string | undefined;
  claim?: string | undefined;
  method?: string;
  /** The first characters of a hash of the session id. */
  session?: string;
  durationMs?: number;
  /** What the provider was asked for, what the store; and how that ended: `ok`, or a word for why not. */
  call?: string;
  command?: string;
  outcome?: string;
  address?: string;
  version?: string;
  issuer?: string;
  signal?: string;
  /** The number of one of several processes. */
  worker?: number;
  /** Of which event, and how many lines, in a second of too many. */
  event?: LogEvent;
  dropped?: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export type LineLevel = Exclude<LogLevel, 'silent'>;

export type Log = Record<LineLevel, (event: LogEvent, fields?: LogFields) => void>;

/** A log that knows which lines it writes. */
export interface LeveledLog extends Log {
  /** Whether a line of this level would be written. */
  writes(level: LineLevel): boolean;
}

/** A log that writes lines from a level on, which can be changed at any time. */
export interface AdjustableLog extends LeveledLog {
  setLevel(level: LogLevel): void;
}

/** A logger of pino's kind. */
export interface Logger extends Record<LineLevel, (fields: object, message: string) => void> {
  isLevelEnabled?(level: LineLevel): boolean;
}

/** The log that an application's own logger makes; what is written, that one decides. */
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

// pino's numbers, so that its tools read our lines.
const NUMBER: Record<LogLevel, number> = { debug: 20, info: 30, warn: 40, error: 50, silent: 100 };
const MAX_FIELD_LENGTH = 512;

export interface LogOptions {
  level: LogLevel;
  /** Takes one line, newline included. */
  write: (line: string) => void;
  now?: () => number;
  /** Which of several processes writes. */
  worker?: number | undefined;
}

/** One JSON object a line: `level`, `time` (epoch milliseconds), `msg` (the event) and the fields. */
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
    write(`${JSON.stringify(line, shorten).replace(UNSAFE, escaped)}\n`);
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

/** What log and pages call a secret: enough to tell two apart, worthless to anybody who reads it. */
export const shortHash = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex').slice(0, 12);

/** How long something took that began at a time of `performance.now()`. */
export const elapsedMs = (start: number): number =>
  Math.round((performance.now() - start) * 1_000) / 1_000;

// What JSON.stringify leaves bare: controls that a terminal obeys, separators that some readers take for
// the end of a line, and marks that turn the direction of what follows.
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (character: string) =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text of somebody else, for people at a terminal: in one short line, and nothing in it that a terminal obeys. */
export function sanitizeForTerminal(text: string): string {
  const short = text.length > MAX_FIELD_LENGTH ? `${text.slice(0, MAX_FIELD_LENGTH - 1)}…` : text;
  return short.replace(/[\u0000-\u001f]+/g, ' ').replace(UNSAFE, escaped);
}

function shorten(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, MAX_FIELD_LENGTH) : value;
}
