import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { createLineWriter } from '../../dist/program/line-writer.js';

test('lines that are not read do not fill the memory, and writing continues when they are', () => {
  const taken: string[] = [];
  let take = () => {};
  const output = new Writable({
    write(chunk, _encoding, done) {
      taken.push(String(chunk));
      take = done;
    },
  });
  const write = createLineWriter(output, { maxWaitingBytes: 1_000 });
  for (let i = 0; i < 1_000; i += 1) write('0123456789');
  assert.ok(output.writableLength <= 1_010);
  for (let i = 0; i < 101; i += 1) take();
  write('again');
  take();
  assert.equal(taken.at(-1), 'again');
});

test('ignores a closed pipe', async () => {
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })),
  });
  const write = createLineWriter(output);
  for (let i = 0; i < 10; i += 1) {
    write('line');
    await new Promise(setImmediate);
  }
  assert.equal(output.destroyed, true);
});

test('a pipe that is not read neither stops the program nor increases its memory', async (t) => {
  const program = `
    import { createLineWriter } from ${JSON.stringify(import.meta.resolve('../../dist/program/line-writer.js'))};
    const write = createLineWriter(process.stdout);
    for (let i = 0; i < 50_000; i += 1) write('x'.repeat(1_000));
    process.stderr.write(String(process.stdout.writableLength));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  t.after(() => child.kill('SIGKILL'));
  const [waiting] = await once(child.stderr, 'data');
  assert.ok(Number(waiting) > 900_000 && Number(waiting) < 1_100_000, String(waiting));
});
