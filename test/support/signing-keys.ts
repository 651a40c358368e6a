/**
 * RSA keys take longer to make than most tests need, so that all processes of a run share them: no
 * test changes a key, and a rotation of the emulator makes new ones. A file that runs alone makes its
 * own. Always with the asynchronous `generateKeyPair`: on Node 20, exporting a key of the synchronous
 * one as JWK can lock up when memory is collected at that moment.
 */
import { createPrivateKey, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  generateSigningKeys,
  restoreKeys,
  type SigningKeys,
  saveKeys,
} from '../../dist/emulator/state/signing-keys.js';

const folder = process.env['TEST_NOTES_FOLDER'];

export const generateKeys = promisify(generateKeyPair);

/** Each promise is made on demand: many test files need no keys. */
let emulatorKeys: Promise<SigningKeys> | undefined;
let rsaKeys: Promise<KeyObject[]> | undefined;

/** The keys of emulators. */
export function sharedKeys(): Promise<SigningKeys> {
  emulatorKeys ??= oncePerRun('signing-keys.json', {
    make: generateSigningKeys,
    save: saveKeys,
    restore: restoreKeys,
  });
  return emulatorKeys;
}

const RSA_KEYS = 4;

/** Four private RSA keys, for providers that are not emulators. */
export function sharedRsaKeys(): Promise<KeyObject[]> {
  rsaKeys ??= oncePerRun('rsa-keys.json', {
    make: () => Promise.all(Array.from({ length: RSA_KEYS }, makeRsaKey)),
    save: (keys: KeyObject[]) => keys.map((key) => key.export({ format: 'jwk' })),
    restore: (saved: JsonWebKey[]) => saved.map((key) => createPrivateKey({ key, format: 'jwk' })),
  });
  return rsaKeys;
}

const makeRsaKey = async () => (await generateKeys('rsa', { modulusLength: 2048 })).privateKey;

async function oncePerRun<T, Saved>(
  name: string,
  { make, save, restore }: { make(): Promise<T>; save(keys: T): Saved; restore(saved: Saved): T },
): Promise<T> {
  if (!folder) return make();
  const file = path.join(folder, name);
  try {
    return restore(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = await make();
  // Renamed, so that another process finds a whole file or none.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(save(made)), { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
  return made;
}
