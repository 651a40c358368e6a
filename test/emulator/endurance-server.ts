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

function signatureMs(): number {
  const begun = cpuMs();
  for (let i = 0; i < SIGNATURES; i += 1) sign('sha256', Buffer.from(`token ${i}`), privateKey);
  return (cpuMs() - begun) / SIGNATURES;
}

/** What the answers below have cost, which is no sign-in's. */
let ownMs = 0;

const { url, authority } = await createEmulator();

process.on('message', () => {
  const begun = cpuMs();
  // Twice: what was marked alive before it died outlives the first one.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  const usage: Usage = {
    cpuMs: begun - ownMs,
    signatureMs: signatureMs(),
    heapMegabytes: heapUsed / 2 ** 20,
  };
  process.send?.(usage);
  ownMs += cpuMs() - begun;
});
process.send?.({ url, authority });
