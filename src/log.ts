/** What can happen. `docs/errors.md` says what each event means to an operator. */
export type LogEvent =
  | 'listening'
  | 'stopping'
  | 'stopped'
  | 'metadata_loaded'
  | 'provider_unreachable'
  | 'metadata_refused'
  | 'sign_in_started'
  | 'sign_in_completed'
  | 'sign_in_cancelled'
  | 'policy_completed'
  | 'sign_in_failed'
  | 'sign_out'
  | 'session_expired'
  | 'csrf_refused'
  | 'fetch_refused'
  | 'request_failed';

/** The only fields a line can have. Secrets have no field, so they have no way in. */
export interface LogFields {
  /** A SignInErrorCode. */
  code?: string;
  /** The number that Azure AD B2C gave, `AADB2C90273`. */
  providerCode?: string | undefined;
  providerCorrelationId?: string | undefined;
  correlationId?: string;
  /** Our own sentence about an error; never a provider's text. */
  detail?: string;
  policy?: string;
  status?: number;
  path?: string;
  method?: string;
  /** The first characters of a hash of the session id. */
  session?: string;
  durationMs?: number;
  address?: string;
  version?: string;
  issuer?: string;
  signal?: string;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export type Log = Record<
  Exclude<LogLevel, 'silent'>,
  (event: LogEvent, fields?: LogFields) => void
>;

// pino's numbers, so that its tools read our lines.
const NUMBER: Record<LogLevel, number> = { debug: 20, info: 30, warn: 40, error: 50, silent: 100 };
const MAX_FIELD_LENGTH = 512;

export interface LogOptions {
  level: LogLevel;
  /** Takes one line, newline included. */
  write: (line: string) => void;
  now?: () => number;
}

/** One JSON object a line: `level`, `time` (epoch milliseconds), `msg` (the event) and the fields. */
export function createLog({ level: threshold, write, now = Date.now }: LogOptions): Log {
  const at = (level: LogLevel) => {
    if (NUMBER[level] < NUMBER[threshold]) return () => {};
    return (event: LogEvent, fields?: LogFields) => {
      const line = { level: NUMBER[level], time: now(), msg: event, ...fields };
      write(`${JSON.stringify(line, shorten)}\n`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

// JSON.stringify leaves U+2028 and U+2029 bare, which some readers take for the end of a line.
const LINE_SEPARATORS = /[\u2028\u2029\u0085]/g;

function shorten(_name: string, value: unknown): unknown {
  return typeof value === 'string'
    ? value.slice(0, MAX_FIELD_LENGTH).replace(LINE_SEPARATORS, ' ')
    : value;
}
