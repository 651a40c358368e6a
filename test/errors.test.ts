import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeThrown } from '../dist/errors.js';

describe('an unexpected error is described by name and source line, without its message:', () => {
  const HERE = /^RangeError at errors\.test\.[jt]s:\d+$/;
  const UNKNOWN = /^RangeError at an unknown line$/;
  const changed = Object.assign(new RangeError('MARKER\n    at MARKER:1:1'), { message: 'other' });
  const bare = Object.assign(new RangeError('MARKER'), { stack: undefined });
  const rows: [string, unknown, RegExp][] = [
    ['a plain error', new RangeError('MARKER'), HERE],
    ['without a message', new RangeError(), HERE],
    ['with lines that look like stack frames', new RangeError('x\n    at MARKER:1:1\n'), HERE],
    // With source maps the stack is formatted when it is read, otherwise when the error is created.
    ['with a changed message', changed, new RegExp(`${HERE.source}|${UNKNOWN.source}`)],
    ['without a stack', bare, UNKNOWN],
    ['a string', 'MARKER', /^the thrown value is not an error$/],
    ['undefined', undefined, /^the thrown value is not an error$/],
  ];
  for (const [name, thrown, expected] of rows) {
    test(name, () => {
      const text = describeThrown(thrown);
      assert.match(text, expected);
      assert.doesNotMatch(text, /MARKER/);
    });
  }
});
