import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { beforeEach } from 'node:test';
import { type App, type AppOptions, createApp } from '../../dist/app/app.js';
import type { Config } from '../../dist/config/config.js';
import { parseConfig } from '../../dist/config/parse-config.js';
import type { ConfigSources } from '../../dist/config/resolve-references.js';
import type { Certificate } from '../../dist/emulator/certificate.js';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
} from '../../dist/emulator/emulator.js';
import { SignInError } from '../../dist/errors.js';
import { type ServeOptions, serve } from '../../dist/program/serve.js';
import { type Browser, createBrowser } from './browser.js';
import { type EmulatorControl, emulatorControl } from './emulator-control.js';
import { freePort } from './free-port.js';
import { noteSecrets } from './leak-notes.js';
import { type RecordedLog, recordLog } from './log.js';
import { type Scope, shared } from './shared.js';
import { sharedKeys } from './signing-keys.js';

export interface RunningApp {
  url: string;
  port: number;
  emulator: Emulator;
  control: EmulatorControl;
  log: RecordedLog;
  /** A new browser, without cookies. */
  browser(): Browser;
  /** A new browser in which `as` has signed in, with these claims. */
  signedIn(as?: string, claims?: object): Promise<Browser>;
  /** Brings the tenant back to its start and empties the log; sessions stay. */
  reset(): Promise<void>;
}

export interface StartOptions {
  /**
   * Merged over the configuration that fits the emulator, section by section; a function of the emulator
   * gives the whole section.
   */
  config?: Record<string, unknown>;
  emulator?: EmulatorOptions;
  /** Uses the tenant of another application. */
  tenantOf?: RunningApp;
  /** A free port, unless the test must know it first. */
  port?: number;
  /** The faults of the emulator from the first request on. */
  faultsAtStart?: { fault: string; policy?: string }[];
  now?: () => number;
  /** The text of each file that the configuration names. */
  files?: Record<string, string>;
  /** The deadline of one exchange with the tenant. */
  providerTimeoutMs?: number;
  /** Serves HTTPS with this certificate, which its browsers trust. */
  certificate?: Certificate;
  limits?: ServeOptions['limits'];
  /** The address that requests seem to come from, of an application that is mounted. */
  peer?: string;
}

/** A tenant that accepts each refresh token once. */
export const singleUse: StartOptions = {
  emulator: {
    policies: [
      { name: 'B2C_1_susi', singleUseRefreshTokens: true },
      { name: 'B2C_1_edit_profile', kind: 'editProfile' },
      { name: 'B2C_1_reset', kind: 'resetPassword' },
    ],
  },
};

const SECRET = 'a-session-secret-for-tests-of-40-letters';

const NO_SOURCES: ConfigSources = {
  env: {},
  readFile: () => '',
  resolvePath: (path) => path,
  isFolder: () => true,
};

/** The application and its own tenant on free ports; both stop with the test. */
export const startApp = (t: Scope, options: StartOptions = {}): Promise<RunningApp> =>
  start(t, options, async (config, given) => {
    const running = await serve(config, { ...given, limits: options.limits ?? {} });
    t.after(() => running.stop(100));
  });

/**
 * One application for all tests of a `describe`, as middleware if there is an `application` behind it. Each test
 * gets it with the tenant at its start. Sessions of earlier tests stay.
 */
export function sharedApp({
  application,
  ...options
}: StartOptions & { application?: Application } = {}): () => RunningApp {
  const app = shared((scope) =>
    application ? mountApp(scope, application, options) : startApp(scope, options),
  );
  beforeEach(() => app().reset());
  return app;
}

/** A page of the test behind the middleware. */
export type Application = (
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/** Like `startApp`, as middleware in front of an application of the test. */
export const mountApp = (
  t: Scope,
  application: Application,
  options: StartOptions = {},
): Promise<RunningApp> =>
  start(t, options, (config, given) =>
    serveMounted(t, application, { config, given, peer: options.peer }),
  );

/** Listens with the middleware in front of an application until the test ends. */
export async function serveMounted(
  t: Scope,
  application: Application,
  { config, given, peer }: { config: Config; given: AppOptions; peer?: string | undefined },
): Promise<void> {
  const app = await createApp(config, given);
  const server = createServer((request, response) => {
    void app.middleware(request, response, () => {
      application(app, request, response).catch((error) => {
        response.writeHead(500).end(error instanceof SignInError ? error.code : String(error));
      });
    });
  });
  if (peer) {
    server.on('connection', (socket) => {
      Object.defineProperty(socket, 'remoteAddress', { value: peer });
    });
  }
  await new Promise<void>((resolve) => server.listen(config.listen.port, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await app.close();
  });
}

async function start(
  t: Scope,
  options: StartOptions,
  run: (config: Config, given: AppOptions) => Promise<void>,
): Promise<RunningApp> {
  const emulator = options.tenantOf?.emulator ?? (await startEmulator(t, options.emulator));
  const control = emulatorControl(emulator.url);
  for (const { fault, ...only } of options.faultsAtStart ?? []) await control.fault(fault, only);
  const { certificate, port = await freePort() } = options;
  const tls = certificate && { listen: { port, tls: { cert: 'cert', key: 'key' } } };
  const config = parseConfig(configFor(emulator, port, { ...tls, ...options.config }), {
    ...NO_SOURCES,
    readFile(name, { encoding = 'utf8' }) {
      const text = options.files?.[name] ?? certificate?.[name as 'cert' | 'key'] ?? '';
      return Buffer.from(text).toString(encoding);
    },
  });
  noteSecrets(config);
  const log = recordLog();
  const { now, providerTimeoutMs } = options;
  await run(config, {
    log,
    ...(now ? { now } : {}),
    ...(providerTimeoutMs ? { providerTimeoutMs } : {}),
  });
  const url = `http${certificate ? 's' : ''}://localhost:${config.listen.port}`;
  const browser = () => createBrowser(url, certificate);
  return {
    url,
    port,
    emulator,
    control,
    log,
    browser,
    async signedIn(as = 'alice@example.com', claims = {}) {
      const signedIn = browser();
      const start = await signedIn.get('/auth/sign_in');
      const callback = await control.authorize(start.location, { as, claims });
      const end = await signedIn.get(callback);
      if (end.status !== 303) throw new Error(`sign-in ended with ${end.status}: ${end.body}`);
      return signedIn;
    },
    async reset() {
      await control.reset();
      log.clear();
    },
  };
}

async function startEmulator(t: Scope, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await createEmulator({ keys: await sharedKeys(), ...options });
  t.after(() => emulator.close());
  return emulator;
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
  for (const [section, given] of Object.entries(over)) {
    const isWhole = typeof given === 'function';
    const value = isWhole ? given(emulator) : given;
    const before = isWhole ? undefined : config[section];
    const both = [before, value].every((part) => typeof part === 'object' && !Array.isArray(part));
    config[section] = both ? { ...(before as object), ...(value as object) } : value;
  }
  return config;
}
