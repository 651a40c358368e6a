import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../dist/config/config.js';
import { parseConfig } from '../../dist/config/parse-config.js';
import type { Check } from '../../dist/doctor/check.js';
import { type DoctorInput, runChecks } from '../../dist/doctor/doctor.js';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { serve } from '../../dist/program/serve.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { keepOutput, note } from '../support/leak-notes.js';
import { recordLog } from '../support/log.js';
import { sharedKeys } from '../support/signing-keys.js';

export type Json = Record<string, unknown>;

const API = 'https://fabrikamb2c.onmicrosoft.com/tasks-api';
const SECRET = 'the-secret-of-the-client-0123456789';

/** One application for each mistake of a registration. */
export const APPLICATIONS = {
  good: 'f0b6e55f-0000-4000-8000-00000000d001',
  singlePage: 'f0b6e55f-0000-4000-8000-00000000d002',
  otherPort: 'f0b6e55f-0000-4000-8000-00000000d003',
  otherCase: 'f0b6e55f-0000-4000-8000-00000000d004',
  slash: 'f0b6e55f-0000-4000-8000-00000000d005',
  noUris: 'f0b6e55f-0000-4000-8000-00000000d006',
  noSignOut: 'f0b6e55f-0000-4000-8000-00000000d007',
  disabled: 'f0b6e55f-0000-4000-8000-00000000d008',
  noPermission: 'f0b6e55f-0000-4000-8000-00000000d009',
  otherAccounts: 'f0b6e55f-0000-4000-8000-00000000d010',
  api: 'f0b6e55f-0000-4000-8000-00000000d011',
} as const;

/** A tenant with all of them, for an application at `origin`. */
export async function startTenant(
  origin: string,
  more: { tls?: { cert: string; key: string } } = {},
): Promise<Emulator> {
  const redirect = `${origin}/auth/redirect`;
  const signOut = `${origin}/auth/post_sign_out`;
  const application = (name: keyof typeof APPLICATIONS, how: object = {}) => ({
    id: APPLICATIONS[name],
    secrets: [SECRET],
    redirectUris: [redirect, signOut],
    ...how,
  });
  return createEmulator({
    keys: await sharedKeys(),
    ...more,
    applications: [
      application('good'),
      application('singlePage', { type: 'spa', secrets: [] }),
      application('otherPort', { redirectUris: ['http://localhost:5001/auth/redirect'] }),
      application('otherCase', { redirectUris: [`${origin}/Auth/Redirect`] }),
      application('slash', { redirectUris: [`${redirect}/`] }),
      application('noUris', { redirectUris: [] }),
      application('noSignOut', { redirectUris: [redirect] }),
      application('disabled', { disabled: true }),
      application('noPermission', { permissions: [] }),
      application('otherAccounts', { wrongAccountType: true }),
      application('api', { api: { uri: API, scopes: ['tasks.read'] } }),
    ],
  });
}

/** A valid configuration. */
export const goodConfig = (emulator: Pick<Emulator, 'authority' | 'tenant'>, port: number) => ({
  $schema: fileURLToPath(new URL('../../config.schema.json', import.meta.url)),
  listen: { port } as Json,
  tenant: {
    authority: emulator.authority,
    tenantId: emulator.tenant.id,
    allowPlainHttp: emulator.authority.startsWith('http:'),
  } as Json,
  client: { id: APPLICATIONS.good as string, secret: { env: 'CLIENT_SECRET' } } as Json,
  policies: {
    signIn: 'B2C_1_susi',
    editProfile: 'B2C_1_edit_profile',
    resetPassword: 'B2C_1_reset',
  } as Json,
  session: { secrets: [{ env: 'SESSION_SECRET' }] } as Json,
});

export type TestConfig = ReturnType<typeof goodConfig> & Json;

export const ENV = {
  CLIENT_SECRET: SECRET,
  SESSION_SECRET: 'kR7#vq2-Zt9_mW4xYb8.Lc3+Hd6fGj1sPn5',
};

/** Writes a configuration into a new folder. */
export function writeConfigFile(t: TestContext, config: unknown): { folder: string } {
  const folder = emptyFolder(t);
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  writeFileSync(path.join(folder, 'config.json'), text, { mode: 0o600 });
  return { folder };
}

/** The configuration without its files, for the server itself. */
export function parsed(config: unknown): Config {
  const sources = { env: ENV, readFile: () => '', resolvePath: String, isFolder: () => true };
  return parseConfig(config, sources);
}

/** Runs the server with a configuration until the test ends. */
export async function serveConfig(t: TestContext, config: unknown): Promise<void> {
  const running = await serve(parsed(config), { log: recordLog() });
  t.after(() => running.stop(100));
}

/** Runs doctor in this process. */
export async function examined(
  t: TestContext,
  config: unknown,
  more: Partial<DoctorInput> = {},
): Promise<Check[]> {
  const { folder } = writeConfigFile(t, config);
  return checksOf({ workingFolder: folder, ...more });
}

export async function checksOf(
  options: Partial<DoctorInput> & { workingFolder: string },
): Promise<Check[]> {
  for (const [name, value] of Object.entries(ENV)) note(name, value);
  const checks: Check[] = [];
  const context = {
    file: undefined,
    env: ENV,
    hasFileModes: process.platform !== 'win32',
    nodeVersion: 'v20.19.0',
    engines: '>=20.19',
    timeoutMs: 5_000,
    ...options,
  };
  for await (const check of runChecks(context)) checks.push(check);
  keepOutput(JSON.stringify(checks));
  return checks;
}

export const withStatus = (checks: readonly Check[], status: Check['status']) =>
  checks.filter((check) => check.status === status);

/** A free port, and the origin of the application on it. */
export async function freeOrigin(): Promise<{ port: number; origin: string }> {
  const port = await freePort();
  return { port, origin: `http://localhost:${port}` };
}
