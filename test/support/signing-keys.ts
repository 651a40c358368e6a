/**
 * The keys of local tenants. To make RSA keys takes longer than most tests, so that the files of a run
 * share a pair of rings: nobody changes one, a rotation makes new ones. A file that runs alone has its own.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  generateSigningKeys,
  restoreKeys,
  type SigningKeys,
  saveKeys,
} from '../../dist/emulator/state/signing-keys.js';

const folder = process.env['TEST_NOTES_FOLDER'];
const file = folder && path.join(folder, 'signing-keys.json');
let keys: Promise<SigningKeys> | undefined;

/** To be awaited where a tenant is started, and not before: many a test file needs none. */
export function sharedKeys(): Promise<SigningKeys> {
  keys ??= file ? readOrMake(file) : generateSigningKeys();
  return keys;
}

async function readOrMake(file: string): Promise<SigningKeys> {
  try {
    return restoreKeys(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = await generateSigningKeys();
  // Whole or not at all, whoever else comes first.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(saveKeys(made)), { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
  return made;
}
