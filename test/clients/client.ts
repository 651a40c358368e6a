import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, setGlobalDispatcher } from 'undici';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { CLUB } from '../emulator/policy/club.js';
import { type EmulatorControl, emulatorControl } from '../support/emulator-control.js';
import { freePort } from '../support/free-port.js';
import { sharedKeys } from '../support/signing-keys.js';

/** An application that uses one client library, and the tenant that it signs people in with. */
export interface RunningClient {
  url: string;
  emulator: Emulator;
  control: EmulatorControl;
  stop(): Promise<void>;
}

// The applications run from their sources, beside the libraries they use.
const HERE = fileURLToPath(new URL('../../test/clients/', import.meta.url));

export const CLIENT_ID = 'f0b6e55f-0000-4000-8000-00000000a001';
export const CLIENT_SECRET = 'emulator-secret';
const API_ID = 'f0b6e55f-0000-4000-8000-00000000a002';
export const API_URI = 'https://fabrikamb2c.onmicrosoft.com/tasks-api';

/** The users who sign in during a test. */
const PEOPLE = ['ada', 'grace', 'linus', 'margaret'];

/** The tenant on https, the application in a process that trusts the tenant's certificate. */
export async function startClient(program: string): Promise<RunningClient> {
  const { cert, key, ca } = createCertificate();
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-clients-'));
  const caFile = path.join(folder, 'ca.pem');
  writeFileSync(caFile, ca);
  setGlobalDispatcher(new Agent({ connect: { ca } }));
  const emulator = await createEmulator({
    keys: await sharedKeys(),
    host: 'localhost',
    tls: { cert, key },
    accounts: PEOPLE.map((name) => ({ email: `${name}@example.com`, displayName: name })),
    policies: [
      { name: 'B2C_1_susi' },
      { name: 'B2C_1_edit_profile', kind: 'editProfile' },
      { name: 'B2C_1_reset', kind: 'resetPassword' },
      { name: 'B2C_1A_signup_signin' },
      { name: 'B2C_1A_standard', issuer: 'tfp', userInfo: true },
    ],
    customPolicies: { folder: CLUB },
    applications: [
      // passport-azure-ad asks for `code id_token`, which B2C allows only with this box.
      { id: CLIENT_ID, secrets: [CLIENT_SECRET], implicit: { idToken: true, accessToken: false } },
      { id: API_ID, api: { uri: API_URI, scopes: ['tasks.read', 'tasks.write'] } },
    ],
  });
  const url = `http://localhost:${await freePort()}`;
  let stopProgram = async () => {};
  const stop = async () => {
    await stopProgram();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const environment = {
    NODE_EXTRA_CA_CERTS: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    AUTHORITY: emulator.authority,
    ISSUER: emulator.issuer,
    STANDARD_ISSUER: `${emulator.url}/tfp/${emulator.tenant.id}/b2c_1a_standard/v2.0/`,
    CLIENT_ID,
    CLIENT_SECRET,
    API_ID,
    APP_URL: url,
  };
  stopProgram = await startProgram(program, environment).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url, emulator, control: emulatorControl(emulator.url), stop };
}

/** Runs one of the programs beside the libraries, until it listens; gives what ends it. */
export async function startProgram(
  program: string,
  environment: Record<string, string>,
): Promise<() => Promise<void>> {
  const child = spawn(interpreterOf(program), [path.join(HERE, 'apps', program)], {
    // Coverage of the libraries is not needed.
    env: { ...process.env, NODE_V8_COVERAGE: undefined, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await listening(child, program);
    return stop;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Debian's Python, whose packages are Debian's too. */
export const PYTHON = '/usr/bin/python3';

const interpreterOf = (program: string) => (program.endsWith('.py') ? PYTHON : process.execPath);

function listening(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => String(chunk).includes('listening') && resolve());
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
  });
}
