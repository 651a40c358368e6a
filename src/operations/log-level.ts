import type { AdjustableLog, LogLevel } from '../log/log.ts';

/** The level of a running log. */
export interface LogLevelControl {
  /** The level of the configuration, which may have changed. */
  set(level: LogLevel): void;
  /** More lines for a while; once more, and the while begins anew. */
  raise(signal: string): void;
}

const TEN_MINUTES_MS = 600_000;

export function createLogLevelControl(
  log: AdjustableLog,
  { level: first, durationMs = TEN_MINUTES_MS }: { level: LogLevel; durationMs?: number },
): LogLevelControl {
  let configured = first;
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
