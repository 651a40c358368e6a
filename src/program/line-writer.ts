import type { Writable } from 'node:stream';

// A few thousand log lines.
const MAX_WAITING_BYTES = 1_000_000;

/**
 * Writes lines to a stream. Node buffers in memory what a pipe does not accept: while the buffer is above the
 * limit, lines are dropped. A closed pipe is ignored, so that the server keeps running.
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
