import type { LeveledLog, LineLevel, Log, LogEvent, LogFields } from './log.ts';

/** What somebody without an account can bring about, as often as he likes. */
const UNAUTHENTICATED_EVENTS: ReadonlySet<LogEvent> = new Set([
  'sign_in_started',
  'sign_in_cancelled',
  'sign_in_diverted',
  'sign_in_failed',
  'csrf_refused',
  'fetch_refused',
  'gate_allowed',
  'gate_denied',
  'gate_denied_path',
  'request_failed',
  'provider_request',
  'provider_unreachable',
  'metadata_refused',
  // Of a cluster some servers may answer and others not, in turns.
  'store_unreachable',
  'store_connected',
  'store_command',
  'unexpected_error',
]);

/**
 * A log in which no flood of requests hides everything else, or fills the disk: of each event that
 * anybody can bring about, so many lines are written a second, and then how many were not. What
 * people with an account do is written in any case.
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
    // What would not be written must not stand in the way of what would.
    if (log.writes(level) && admits(event)) log[level](event, fields);
  };
  return {
    debug: limited('debug'),
    info: limited('info'),
    warn: limited('warn'),
    error: limited('error'),
  };
}
