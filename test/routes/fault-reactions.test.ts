// The reaction of the server to each fault of the emulator, as the table in docs/emulator/faults.md says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { FAULTS } from '../../dist/emulator/endpoints/fault-table.js';
import { ERROR_CODES, type SignInErrorCode } from '../../dist/errors.js';
import { startApp } from '../support/app.js';

const DOCUMENT = readFileSync(new URL('../../docs/emulator/faults.md', import.meta.url), 'utf8');
const [, section = ''] = DOCUMENT.split('## Reactions of b2c-signin to faults');

/** By fault: the error code, or `accepted`. */
const REACTIONS = new Map(
  [...(section.split('\n## ')[0] ?? '').matchAll(/^\| (`\w+`(?:, `\w+`)*) \| `?(\w+)`?/gm)].flatMap(
    ([, names = '', reaction = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']): [string, string] => [name, reaction]),
  ),
);

test('the table has every fault once, and only codes of the server', () => {
  const faults = Object.values(FAULTS).flatMap((faultsOfPoint) => Object.keys(faultsOfPoint));
  assert.deepEqual([...REACTIONS.keys()].sort(), faults.sort());
  const codes = new Set<string>([...Object.keys(ERROR_CODES), 'accepted']);
  assert.deepEqual(
    [...REACTIONS.values()].filter((reaction) => !codes.has(reaction)),
    [],
  );
});

describe('the server reacts to', () => {
  for (const [fault, reaction] of REACTIONS) {
    test(`${fault}: ${reaction}`, async (t) => {
      const isEarly = /^(discovery|keys)_/.test(fault);
      const app = await startApp(t, {
        ...(fault.endsWith('_hang') ? { providerTimeoutMs: 1_500 } : {}),
        ...(isEarly ? { faultsAtStart: [{ fault }] } : {}),
      });
      const browser = app.browser();
      const begun = await browser.get('/auth/sign_in');
      let status = begun.status;
      if (status === 302) {
        if (!isEarly) await app.control.fault(fault, { delayMs: 300 });
        const callback = await app.control.authorize(begun.location, { as: 'alice@example.com' });
        status = (await browser.get(callback)).status;
      }
      const codes = app.log.of('sign_in_failed').map(({ code }) => code);
      const isSignedIn = (await browser.get('/auth/me')).status === 200;
      if (reaction === 'accepted') {
        assert.deepEqual([status, codes, isSignedIn], [303, [], true]);
      } else {
        assert.deepEqual([codes, isSignedIn], [[reaction], false]);
        assert.equal(status, ERROR_CODES[reaction as SignInErrorCode].status);
      }
    });
  }
});
