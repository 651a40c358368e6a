// Color and progress are for terminals: not in a pipe and not where they are switched off.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTerminal, type Paint } from '../../dist/program/terminal.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { COLOUR_TERMINAL, runProgram, skipWithoutTerminal } from '../support/program.js';
import type { Scope } from '../support/shared.js';

const ESCAPE = '\x1b[';

/** The output of the demo at its start. */
async function demoSays(
  t: Scope,
  how: { inTerminal: boolean; env?: Record<string, string | undefined> },
): Promise<string> {
  const port = await freePort(2);
  const program = runProgram(t, ['--port', String(port)], { cwd: emptyFolder(t), ...how });
  await program.says('Stop with Ctrl+C');
  program.child.kill('SIGTERM');
  return program.output.stdout + program.output.stderr;
}

describe('the demo', () => {
  test('is colored in a terminal', { skip: skipWithoutTerminal() }, async (t) => {
    const said = await demoSays(t, { inTerminal: true, env: COLOUR_TERMINAL });
    assert.match(said, /\x1b\[36mhttp:\/\/localhost:\d+\x1b\[39m/);
    assert.match(said, /\x1b\[1mPass@word1\x1b\[22m/);
  });

  test('is plain text in a pipe', async (t) => {
    const said = await demoSays(t, { inTerminal: false, env: COLOUR_TERMINAL });
    assert.equal(said.includes(ESCAPE), false);
    assert.match(said, /^ {4}alice@example\.com {4}password {2}Pass@word1$/m);
  });

  for (const plain of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    const [name = ''] = Object.entries(plain).map((pair) => pair.join('='));
    test(`is plain text with ${name}`, { skip: skipWithoutTerminal() }, async (t) => {
      const said = await demoSays(t, { inTerminal: true, env: { ...COLOUR_TERMINAL, ...plain } });
      assert.equal(said.includes(ESCAPE), false);
      assert.ok(said.includes('Pass@word1'));
    });
  }
});

describe('progress', () => {
  const writer = (isRich: boolean) => {
    const written: string[] = [];
    const output = {
      isTTY: isRich as true,
      columns: 20,
      hasColors: () => isRich,
      write: (text: string) => written.push(text) > 0,
    };
    return { written, terminal: createTerminal(output as never) };
  };

  test('uses one line, and clears it', () => {
    const { written, terminal } = writer(true);
    terminal.progress('Looking at something far away …');
    terminal.progress();
    assert.deepEqual(written, ['\r\x1b[KLooking at somethin', '\r\x1b[K']);
  });

  test('is plain text without a terminal', () => {
    const { written, terminal } = writer(false);
    const paint: Paint = terminal.paint;
    terminal.progress('Looking');
    assert.deepEqual(written, []);
    assert.equal(paint('red', 'text'), 'text');
  });
});
