import { randomBytes } from 'node:crypto';
import type { SignInConfig } from '../config/settings.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.ts';
import { settingsFor } from '../program/demo.ts';

export interface TestEmulator extends Emulator {
  /**
   * The configuration of an application that signs people in here, for `createSignIn()`. The secret of
   * its sessions is new with each call.
   */
  configFor(baseUrl: string): SignInConfig;
}

/** A local B2C tenant on a free port, with the accounts `alice@example.com` and `bob@example.com`. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = await createEmulator(options);
  return {
    ...emulator,
    configFor: (baseUrl) => ({
      baseUrl,
      ...settingsFor(emulator),
      session: { secrets: [randomBytes(32).toString('base64url')] },
    }),
  };
}
