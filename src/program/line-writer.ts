import type { Writable } from 'node:stream';

// A few thousand lines of the log.
const MAX_WAITING_BYTES = 1_000_000;

/**
 * Writes lines to whoever reads them, as long as somebody does. Node keeps in memory what a pipe does
 * not take: lines that find more than that waiting are dropped, and a reader who has gone away is no
 * reason to stop signing people in.
 */
export function createLineWriter(
  output: Writable,
  { maxWaitingBytes = MAX_WAITING_BYTES } = {},
): (line: string) => void {
  output.on('error', () => {});
  return (line) => {
    if (output.writable && output.writableLength <= maxWaitingBytes) output.write(line);
  };
}
