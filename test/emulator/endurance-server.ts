/** An emulator in a process of its own, which tells its parent what it has used up so far. */
import { generateKeyPairSync, sign } from 'node:crypto';
import process from 'node:process';
import { createEmulator } from '../../dist/emulator/emulator.js';

export interface Usage {
  cpuMs: number;
  /** What one RS256 signature costs at this moment, of which a sign-in needs two. */
  signatureMs: number;
  /** After collecting garbage: start it with `--expose-gc`. */
  heapMegabytes: number;
}

const SIGNATURES = 40;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

let spentHere = 0;

function signatureMs(): number {
  const begun = cpuMs();
  for (let i = 0; i < SIGNATURES; i += 1) sign('sha256', Buffer.from(`token ${i}`), privateKey);
  const spent = cpuMs() - begun;
  spentHere += spent;
  return spent / SIGNATURES;
}

const { url, authority } = await createEmulator();

process.on('message', () => {
  // Twice: what was marked alive before it died outlives the first one.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  const signature = signatureMs();
  const usage: Usage = {
    cpuMs: cpuMs() - spentHere,
    signatureMs: signature,
    heapMegabytes: heapUsed / 2 ** 20,
  };
  process.send?.(usage);
});
process.send?.({ url, authority });
