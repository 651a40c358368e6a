import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Scope } from './shared.js';

/** An empty folder that goes with the test. */
export function emptyFolder(t: Scope): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
