import type { LeveledLog, LineLevel, Log, LogEvent, LogFields } from './log.ts';

/** Events that a client without an account can trigger without limit. */
const UNAUTHENTICATED_EVENTS: ReadonlySet<LogEvent> = new Set([
  'sign_in_started',
  'sign_in_cancelled',
  'sign_in_diverted',
  'sign_in_failed',
  'csrf_refused',
  'back_channel_logout_refused',
  'fetch_refused',
  'gate_allowed',
  'gate_denied',
  'gate_denied_path',
  'request_failed',
  'provider_request',
  'provider_unreachable',
  'metadata_refused',
  // In a cluster, some servers may respond and others not, alternately.
  'store_unreachable',
  'store_connected',
  'store_command',
  'unexpected_error',
]);

/**
 * Limits the lines per second of each event that unauthenticated clients can trigger, so that a flood of
 * requests neither hides other lines nor fills the disk. Logs the number of dropped lines. Events of
 * signed-in users are always written.
 */
export function rateLimitLog(log: LeveledLog, { lines = 100, windowMs = 1_000 } = {}): Log {
  const counts = new Map<LogEvent, number>();

  const endWindow = () => {
    for (const [event, count] of counts) {
      const dropped = count - lines;
      if (dropped > 0) log.warn('log_lines_dropped', { event, dropped });
    }
    counts.clear();
  };
  const admits = (event: LogEvent) => {
    if (!UNAUTHENTICATED_EVENTS.has(event)) return true;
    if (counts.size === 0) setTimeout(endWindow, windowMs).unref();
    const count = (counts.get(event) ?? 0) + 1;
    counts.set(event, count);
    return count <= lines;
  };
  const limited = (level: LineLevel) => (event: LogEvent, fields?: LogFields) => {
    // Count only lines that pass the log level.
    if (log.writes(level) && admits(event)) log[level](event, fields);
  };
  return {
    debug: limited('debug'),
    info: limited('info'),
    warn: limited('warn'),
    error: limited('error'),
  };
}
