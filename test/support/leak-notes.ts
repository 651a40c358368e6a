/**
 * Records what the leak search at the end of a run needs (leaks.ts): every secret value that passed by,
 * and every line that the program wrote, at debug level too. scripts/test.js sets the folder and starts
 * each test process with this file. A test file that runs alone records nothing.
 */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { watchWire } from './http-trace.js';

/** One line of a file of notes. */
export type Note = [kind: string, value: string, test: string];

const folder = process.env['TEST_NOTES_FOLDER'];
let test = path.basename(process.argv[1] ?? '', '.js');

// A test that does the same thing ten thousand times is searched in samples.
export const KEPT_IN_FULL = 20_000;
export const THEN_ONE_IN = 100;
const FLUSH_AT = 1 << 20;

interface Writer {
  add(text: string): void;
  /** Keeps the next lines in full. */
  restart(): void;
}

function createWriter(kind: 'notes' | 'output'): Writer {
  if (!folder) return { add: () => {}, restart: () => {} };
  const file = path.join(folder, `${kind}-${process.pid}-${test}.txt`);
  let buffered = '';
  let count = 0;
  const flush = () => {
    appendFileSync(file, buffered);
    buffered = '';
  };
  process.on('exit', () => buffered && flush());
  return {
    add(text) {
      count += 1;
      if (count > KEPT_IN_FULL && count % THEN_ONE_IN !== 0) return;
      buffered += text;
      if (buffered.length > FLUSH_AT) flush();
    },
    restart() {
      count = 0;
    },
  };
}

const notes = createWriter('notes');
const output = createWriter('output');
const noted = new Set<string>();

/** Notes carry the name of this test from now on. */
export function beginTest(name: string): void {
  test = name;
  notes.restart();
  output.restart();
  noted.clear();
}

/** A value that must not appear in any output. */
export function note(kind: string, value: string): void {
  if (!folder || noted.has(value)) return;
  if (noted.size < KEPT_IN_FULL) noted.add(value);
  notes.add(`${JSON.stringify([kind, value, test] satisfies Note)}\n`);
}

/** The secrets of a configuration. */
export function noteSecrets({
  tenants,
  session,
}: {
  tenants: readonly { client: { secret?: string | undefined } }[];
  session: { secrets: readonly string[] };
}): void {
  for (const { client } of tenants) {
    if (client.secret) note('client secret', client.secret);
  }
  for (const secret of session.secrets) note('session secret', secret);
}

/** Records output of the program: one line or many. */
export function keepOutput(text: string): void {
  if (!folder) return;
  for (const line of text.split('\n')) if (line) output.add(`${line}\n`);
}

if (folder) watchWire(note);
