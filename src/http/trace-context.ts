import type { IncomingMessage } from 'node:http';

// W3C Trace Context, 3.2: version, trace, parent and flags; a version to come may have more behind them.
const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/**
 * The trace that a request says it belongs to. Anybody can say anything, so it is good for finding
 * lines in a log and for nothing else.
 */
export function parseTraceId({ headers }: IncomingMessage): string | undefined {
  const { traceparent } = headers;
  if (typeof traceparent !== 'string') return undefined;
  const [, version, traceId, more] = TRACEPARENT.exec(traceparent) ?? [];
  return version === '00' && more !== undefined ? undefined : traceId;
}
