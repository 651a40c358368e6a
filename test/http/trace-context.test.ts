import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { parseTraceId } from '../../dist/http/trace-context.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

const idOf = (traceparent: string | undefined) =>
  parseTraceId({ headers: { traceparent } } as unknown as IncomingMessage);

describe('the trace ID is read from', () => {
  const rows: [string, string][] = [
    ['a traceparent of this version', `00-${TRACE}-${PARENT}-01`],
    ['a traceparent that is not sampled', `00-${TRACE}-${PARENT}-00`],
    ['a traceparent of a later version', `01-${TRACE}-${PARENT}-01`],
    ['a traceparent of a later version with more fields', `cc-${TRACE}-${PARENT}-01-what-more`],
  ];
  for (const [name, value] of rows) test(name, () => assert.equal(idOf(value), TRACE));
});

describe('there is no trace ID in', () => {
  const rows: [string, string | undefined][] = [
    ['nothing', undefined],
    ['an empty string', ''],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a parent of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the reserved version', `ff-${TRACE}-${PARENT}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['a trace that is too short', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['a trace that is too long', `00-${TRACE}0-${PARENT}-01`],
    ['two headers', `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
    ['more fields in this version', `00-${TRACE}-${PARENT}-01-more`],
    ['more text without a dash in a later version', `01-${TRACE}-${PARENT}-01more`],
    ['text before it', ` 00-${TRACE}-${PARENT}-01`],
    ['no flags', `00-${TRACE}-${PARENT}`],
  ];
  for (const [name, value] of rows) test(name, () => assert.equal(idOf(value), undefined));
});
