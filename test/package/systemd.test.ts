// The unit for systemd, as systemd itself reads it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { ROOT } from '../support/examples.js';
import { emptyFolder } from '../support/folder.js';

const ANALYZE = '/usr/bin/systemd-analyze';

function skipWithoutSystemd(): string | false {
  if (existsSync(ANALYZE)) return false;
  if (process.env['CI'] === 'true') throw new Error('systemd is not installed');
  return 'systemd is not installed';
}

/** The unit, with the Node of these tests. */
function unitOf(t: TestContext): string {
  const text = readFileSync(path.join(ROOT, 'docs/systemd/b2c-signin.service'), 'utf8');
  assert.match(text, /^ExecStart=\/usr\/bin\/node /m);
  const file = path.join(emptyFolder(t), 'b2c-signin.service');
  writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
  return file;
}

describe('the unit for systemd', { skip: skipWithoutSystemd() }, () => {
  test('has no fault and no setting that systemd does not know', (t) => {
    // A warning exits with 0, but is printed.
    const { status, stderr } = analyze('verify', unitOf(t));
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  });

  test('lets no core be dumped, which would hold secrets and sessions', (t) => {
    assert.match(readFileSync(unitOf(t), 'utf8'), /^LimitCORE=0$/m);
  });

  test('leaves the program little that it could do harm with', (t) => {
    // In tenths: above it, this ends with 1.
    const { status, stdout } = analyze('security', '--offline=true', '--threshold=15', unitOf(t));
    assert.equal(status, 0, stdout);
  });
});

const analyze = (...args: string[]) =>
  spawnSync(ANALYZE, [...args, '--no-pager'], { encoding: 'utf8', timeout: 60_000 });
