import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { checkPolicies } from '../../../dist/emulator/policy-files/check-policies.js';
import { RULES } from '../../../dist/emulator/policy-files/rules.js';
import { copyGoodChain, GOOD_CHAIN } from './good-chain.js';
import { MISTAKES } from './mistakes.js';

test('the good chain has no error and no warning', async () => {
  const result = await checkPolicies({ folder: GOOD_CHAIN });
  assert.deepEqual(result, { files: 4, errors: [], warnings: [] });
});

describe('each mistake is named with its rule, file and line', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-policies-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const chain = copyGoodChain(folder);
  for (const [rule, title, mistake] of MISTAKES) {
    test(`${rule}: ${title}`, async () => {
      const { faults, file, line } = await chain.plant(mistake);
      const found = faults.filter((fault) => fault.rule === rule);
      const places = found.map((fault) => `${fault.file}:${fault.line}`);
      const all = faults.map((fault) => `${fault.rule} ${fault.line} ${fault.message}`).join('\n');
      assert.ok(places.includes(`${file}:${line}`), `expected line ${line}, found:\n${all}`);
      for (const fault of found) {
        assert.ok(fault.column >= 1);
        assert.match(fault.message, /[.?]$/);
        assert.equal(fault.fix, RULES[rule].fix);
      }
    });
  }
});

/** Rules that no single edit of the chain can break; each has a separate test. */
const ELSEWHERE = ['file-encoding', 'chain-too-long', 'references-too-deep'];

test('every rule has a mistake', () => {
  const planted = new Set<string>(MISTAKES.map(([rule]) => rule));
  const missing = Object.keys(RULES).filter((rule) => !planted.has(rule));
  assert.deepEqual(missing.sort(), ELSEWHERE.sort());
});
