import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Replaces the folder at `place` with `made`. A process that starts in the meantime finds a complete folder. */
export function replaceFolder(made, place, rename = renameSync) {
  const old = `${made}.old`;
  try {
    if (existsSync(place)) rename(place, old);
    rename(made, place);
  } catch {
    // Windows cannot rename an open folder, and another build may have created `place` in the meantime.
    copyInto(made, place);
    rmSync(made, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

function copyInto(made, place) {
  cpSync(made, place, { recursive: true, force: true });
  for (const name of readdirSync(place, { recursive: true })) {
    if (existsSync(path.join(made, name))) continue;
    rmSync(path.join(place, name), { recursive: true, force: true });
  }
}
