import { randomBytes } from 'node:crypto';
import type { SignInConfig } from '../config/settings.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.ts';
import { settingsFor } from '../program/demo.ts';

export interface TestEmulator extends Emulator {
  /**
   * Returns the configuration of an application that uses this tenant, for `createSignIn()`. Each call
   * creates a new session secret.
   */
  configFor(baseUrl: string): SignInConfig;
}

/** Starts an emulator on a free port, with the accounts `alice@example.com` and `bob@example.com`. */
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
