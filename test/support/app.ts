import type { TestContext } from 'node:test';
import { type ConfigSources, parseConfig } from '../../dist/config.js';
import type { Certificate } from '../../dist/emulator/certificate.js';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
} from '../../dist/emulator/emulator.js';
import { generateSigningKeys } from '../../dist/emulator/tokens/keys.js';
import { serve } from '../../dist/serve.js';
import { type Browser, createBrowser } from './browser.js';
import { type EmulatorControl, emulatorControl } from './emulator-control.js';
import { freePort } from './free-port.js';
import { type RecordedLog, recordLog } from './log.js';
import { noteSecrets } from './notes.js';

export interface RunningApp {
  url: string;
  emulator: Emulator;
  control: EmulatorControl;
  log: RecordedLog;
  /** A new browser, with cookies of its own. */
  browser(): Browser;
  /** A new browser in which `as` has signed in. */
  signedIn(as?: string): Promise<Browser>;
}

export interface StartOptions {
  /** Merged over the configuration that fits the emulator, section by section. */
  config?: Record<string, unknown>;
  emulator?: EmulatorOptions;
  /** What the tenant does wrong from the first request on. */
  faultsAtStart?: { fault: string; policy?: string }[];
  now?: () => number;
  /** Makes it answer https with this one, which its browsers trust. */
  certificate?: Certificate;
}

const SECRET = 'a-session-secret-for-tests-of-40-letters';
// Making RSA keys takes longer than most tests.
const signingKeys = generateSigningKeys(Date.now());

const NO_SOURCES: ConfigSources = {
  env: {},
  readFile: () => '',
  resolvePath: (path) => path,
  isFolder: () => true,
};

/** The application and a tenant of its own on free ports; both stop with the test. */
export async function startApp(t: TestContext, options: StartOptions = {}): Promise<RunningApp> {
  const emulator = await createEmulator({ keys: await signingKeys, ...options.emulator });
  t.after(() => emulator.close());
  const control = emulatorControl(emulator.url);
  for (const { fault, ...only } of options.faultsAtStart ?? []) await control.fault(fault, only);
  const port = await freePort();
  const { certificate } = options;
  const tls = certificate && { listen: { port, tls: { cert: 'cert', key: 'key' } } };
  const config = parseConfig(configFor(emulator, port, { ...tls, ...options.config }), {
    ...NO_SOURCES,
    readFile: (name) => certificate?.[name as 'cert' | 'key'] ?? '',
  });
  noteSecrets(config);
  const log = recordLog();
  const running = await serve(config, { log, ...(options.now ? { now: options.now } : {}) });
  t.after(() => running.stop(100));
  const url = `http${certificate ? 's' : ''}://localhost:${port}`;
  const browser = () => createBrowser(url, certificate);
  return {
    url,
    emulator,
    control,
    log,
    browser,
    async signedIn(as = 'alice@example.com') {
      const signedIn = browser();
      const start = await signedIn.get('/auth/sign_in');
      const callback = await control.authorize(start.location, { as });
      const end = await signedIn.get(callback);
      if (end.status !== 303) throw new Error(`sign-in ended with ${end.status}: ${end.body}`);
      return signedIn;
    },
  };
}

function configFor(emulator: Emulator, port: number, over: Record<string, unknown> = {}): unknown {
  const [application] = emulator.applications;
  const config: Record<string, unknown> = {
    listen: { port },
    tenant: { authority: emulator.authority, allowPlainHttp: true },
    client: { id: application?.id, secret: application?.secrets[0] },
    policies: {
      signIn: 'B2C_1_susi',
      editProfile: 'B2C_1_edit_profile',
      resetPassword: 'B2C_1_reset',
    },
    session: { secrets: [SECRET] },
  };
  for (const [section, value] of Object.entries(over)) {
    const before = config[section];
    const both = [before, value].every((part) => typeof part === 'object' && !Array.isArray(part));
    config[section] = both ? { ...(before as object), ...(value as object) } : value;
  }
  return config;
}
