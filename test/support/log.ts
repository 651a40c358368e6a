import { createLog, type Log, type LogLevel } from '../../dist/log.js';

export interface RecordedLog extends Log {
  lines: string[];
  /** The lines of one event, parsed. */
  of(event: string): Record<string, unknown>[];
}

/** A log that keeps its lines. */
export function recordLog(level: LogLevel = 'debug'): RecordedLog {
  const lines: string[] = [];
  const log = createLog({ level, write: (line) => void lines.push(line) });
  return {
    ...log,
    lines,
    of: (event) => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === event),
  };
}
