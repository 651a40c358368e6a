import { fileURLToPath } from 'node:url';
import type { Emulator, EmulatorOptions } from '../../../dist/emulator/emulator.js';
import type { Scope } from '../../support/shared.js';
import { admin, startEmulator } from '../support.js';

/** The policies of a club: sign-up, sign-in, phone, profile, new password. Read where the sources are. */
export const CLUB = fileURLToPath(new URL('../../../test/emulator/policy/club', import.meta.url));

export const JOIN = 'B2C_1A_Join';
export const OTHER_CLIENT = 'f0b6e55f-0000-4000-8000-00000000b001';

/** An emulator that serves the policies of the club to two applications. */
export const startClub = (t: Scope, options: EmulatorOptions = {}): Promise<Emulator> =>
  startEmulator(t, {
    customPolicies: { folder: CLUB },
    applications: [
      { id: 'f0b6e55f-0000-4000-8000-00000000a001', secrets: ['emulator-secret'] },
      { id: OTHER_CLIENT, secrets: ['emulator-secret'] },
    ],
    ...options,
  });

export async function newestCode(emulator: Emulator, to: string): Promise<string> {
  const { body } = await admin(emulator, 'GET', `mailbox?email=${encodeURIComponent(to)}`);
  const [newest] = body['messages'] as { code: string }[];
  return newest?.code ?? '';
}
