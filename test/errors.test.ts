import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeThrown } from '../dist/errors.js';

describe('of an error that is not ours the log says name and place, and nothing of its message', () => {
  const HERE = /^RangeError at errors\.test\.[jt]s:\d+$/;
  const UNKNOWN = /^RangeError at an unknown line$/;
  const changed = Object.assign(new RangeError('MARKER\n    at MARKER:1:1'), { message: 'other' });
  const bare = Object.assign(new RangeError('MARKER'), { stack: undefined });
  const rows: [string, unknown, RegExp][] = [
    ['a plain one', new RangeError('MARKER'), HERE],
    ['without a message', new RangeError(), HERE],
    ['with lines that look like places', new RangeError('x\n    at MARKER:1:1\n'), HERE],
    // With source maps the stack is written when it is asked for, else when the error is made.
    ['with a message that was changed', changed, new RegExp(`${HERE.source}|${UNKNOWN.source}`)],
    ['without a stack', bare, UNKNOWN],
    ['a text', 'MARKER', /^the thrown value is not an error$/],
    ['nothing', undefined, /^the thrown value is not an error$/],
  ];
  for (const [name, thrown, expected] of rows) {
    test(name, () => {
      const text = describeThrown(thrown);
      assert.match(text, expected);
      assert.doesNotMatch(text, /MARKER/);
    });
  }
});
