import { type AdjustableLog, createLog, type LogLevel } from '../../dist/log/log.js';
import { keepOutput } from './leak-notes.js';

export interface RecordedLog extends AdjustableLog {
  lines: string[];
  clear(): void;
  /** The lines of one event, parsed. */
  of(event: string): Record<string, unknown>[];
}

/** A log that keeps its lines. */
export function recordLog(level: LogLevel = 'debug'): RecordedLog {
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    keepOutput(line);
  };
  const log = createLog({ level, write });
  return {
    ...log,
    lines,
    clear() {
      lines.length = 0;
    },
    of: (event) => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === event),
  };
}
