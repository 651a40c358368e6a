import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseClaimText } from '../../../dist/emulator/policy/claim-text.js';
import { emptyClaimType } from '../../../dist/emulator/policy/claims.js';

const ROWS: readonly (readonly [text: string, time: string | undefined])[] = [
  ['2026-03-05T13:05:09', '2026-03-05T13:05:09.000Z'],
  ['2026-03-05T13:05', '2026-03-05T13:05:00.000Z'],
  ['2026-03-05T13:05:09.1234567', '2026-03-05T13:05:09.123Z'],
  ['2026-03-05 13:05:09', '2026-03-05T13:05:09.000Z'],
  ['10/31/2026 1:05:09 PM', '2026-10-31T13:05:09.000Z'],
  ['2026-03-05', '2026-03-05T00:00:00.000Z'],
  ['2026-03-05T13:05:09Z', '2026-03-05T13:05:09.000Z'],
  ['2026-03-05T13:05:09+01:00', '2026-03-05T12:05:09.000Z'],
  ['2026-03-05T13:05:09-0500', '2026-03-05T18:05:09.000Z'],
  ['Thu, 05 Mar 2026 13:05:09 GMT', '2026-03-05T13:05:09.000Z'],
  ['1772715909', '2026-03-05T13:05:09.000Z'],
  ['tomorrow', undefined],
];

/** In a time zone that is not UTC, which is the one of many test machines. */
function inNewYork<Result>(action: () => Result): Result {
  const { TZ } = process.env;
  process.env['TZ'] = 'America/New_York';
  try {
    assert.notEqual(new Date(2026, 2, 5).getTimezoneOffset(), 0);
    return action();
  } finally {
    if (TZ === undefined) delete process.env['TZ'];
    else process.env['TZ'] = TZ;
  }
}

describe('a claim of the type dateTime is in UTC unless its text names another zone', () => {
  const dateTime = { file: '', line: 0, column: 0, value: 'dateTime' as const };
  for (const [text, time] of ROWS) {
    test(text, () => {
      const type = { ...emptyClaimType('when'), dataType: dateTime };
      assert.equal(
        inNewYork(() => parseClaimText(type, text)),
        time,
      );
    });
  }
});
