/**
 * scripts/test.js imports this into each test process before the tests. It names the running test in
 * the notes of the leak search, and ends a process whose test hangs: Node 20 has a time limit for
 * processes only, which does not say which test it was.
 */
import process from 'node:process';
import { beforeEach } from 'node:test';
import { beginTest } from './leak-notes.js';

const HANGS_AFTER_MS = 5 * 60_000;

let timer: NodeJS.Timeout | undefined;

beforeEach((t) => {
  const name = 'fullName' in t ? t.fullName : '';
  beginTest(name);
  clearTimeout(timer);
  timer = setTimeout(() => {
    process.stderr.write(`This test has not ended after ${HANGS_AFTER_MS / 1000} s: ${name}\n`);
    process.exit(1);
  }, HANGS_AFTER_MS);
  timer.unref();
});
