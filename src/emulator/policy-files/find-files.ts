import { lstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const SKIPPED_FOLDERS = new Set(['node_modules', '.git', 'bin', 'obj']);

/** The XML files below a folder, in a stable order, without following links to folders. */
export function findXmlFiles(folder: string): string[] {
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
  const found: string[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const full = path.join(next, entry.name);
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) waiting.push(full);
      else if (isXmlFile(entry.name) && (entry.isFile() || isLinkToFile(full))) found.push(full);
    }
  }
  return found.sort();
}

const isXmlFile = (name: string) => /\.xml$/i.test(name);

function isLinkToFile(full: string): boolean {
  const isLink = lstatSync(full).isSymbolicLink();
  return isLink && (statSync(full, { throwIfNoEntry: false })?.isFile() ?? false);
}
