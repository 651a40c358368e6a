import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Puts the folder `made` in the place of the one at `place`, which is whole to whoever starts from it meanwhile. */
export function replaceFolder(made, place, rename = renameSync) {
  const old = `${made}.old`;
  try {
    if (existsSync(place)) rename(place, old);
    rename(made, place);
  } catch {
    // Windows renames no folder that somebody has open, and another build may have come between.
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
