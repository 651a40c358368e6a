// The examples of the documents, and what they import.
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const LIBRARIES = path.join(ROOT, 'test/clients/node_modules');

/** The code blocks that have the name of a file behind their language. */
export function examplesOf(document: string): Map<string, string> {
  const text = readFileSync(path.join(ROOT, document), 'utf8');
  const blocks = [...text.matchAll(/^```[a-z]+ (\S+)\n(.*?)^```$/gms)];
  return new Map(blocks.map(([, file = '', code = '']) => [file, code]));
}

/** Lets the modules of a folder find a package that is installed elsewhere. */
export function linkPackage(folder: string, name: string, from: string, realName = name): void {
  const place = path.join(folder, 'node_modules', name);
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(path.join(from, realName), place, 'junction');
}
