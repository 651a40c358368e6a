import type { AdjustableLog, LogLevel } from '../log/log.ts';

/** Controls the level of a running log. */
export interface LogLevelControl {
  /** Sets the level of the configuration. */
  set(level: LogLevel): void;
  /** Raises the level to debug for ten minutes; another call restarts the time. */
  raise(signal: string): void;
}

const TEN_MINUTES_MS = 600_000;

export function createLogLevelControl(
  log: AdjustableLog,
  { level: initial, durationMs = TEN_MINUTES_MS }: { level: LogLevel; durationMs?: number },
): LogLevelControl {
  let configured = initial;
  let end: NodeJS.Timeout | undefined;
  const restore = () => {
    end = undefined;
    log.info('log_level_restored');
    log.setLevel(configured);
  };
  return {
    set(level) {
      configured = level;
      if (!end) log.setLevel(level);
    },
    raise(signal) {
      clearTimeout(end);
      end = setTimeout(restore, durationMs).unref();
      log.setLevel('debug');
      log.info('log_level_raised', { signal, durationMs });
    },
  };
}
