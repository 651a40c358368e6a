import { randomBytes } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { Emulator } from '../emulator/emulator.ts';
import type { Site } from '../pages/render.ts';
import { type Paint, plain } from './terminal.ts';

const NO_SOURCES = {
  env: {},
  readFile: (path: string) => path,
  resolvePath: (path: string) => path,
  isFolder: () => false,
};

/** Returns the settings for an application that is registered in the emulator. */
export function settingsFor({ authority, applications, policies }: Emulator) {
  const [application] = applications;
  const firstOf = (...kinds: string[]) => policies.find(({ kind }) => kinds.includes(kind))?.name;
  const editProfile = firstOf('editProfile');
  const resetPassword = firstOf('resetPassword');
  return {
    tenant: { authority, allowPlainHttp: authority.startsWith('http:') },
    client: { id: application?.id ?? '', secret: application?.secrets[0] ?? '' },
    policies: {
      signIn: firstOf('signUpOrSignIn', 'signIn') ?? '',
      ...(editProfile ? { editProfile } : {}),
      ...(resetPassword ? { resetPassword } : {}),
    },
  };
}

/** Returns the configuration of the demo: the emulator's values and a secret that is new at each start. */
export function demoConfig(tenant: Emulator, port: number): Config {
  return parseConfig(
    {
      listen: { port },
      ...settingsFor(tenant),
      session: { secrets: [randomBytes(32).toString('base64url')] },
    },
    NO_SOURCES,
  );
}

/** Returns what the demo's pages show about the emulator. */
export function demoSite({ url, accounts }: Emulator): NonNullable<Site['demo']> {
  const shown = accounts.map(({ email, password = 'Pass@word1' }) => ({ email, password }));
  return { tenantUrl: url, accounts: shown };
}

/** The message that the demo has started. */
export function demoText(applicationUrl: string, tenant: Emulator, paint: Paint = plain): string {
  const accounts = demoSite(tenant).accounts.map(
    ({ email, password }) =>
      `    ${paint('bold', email.padEnd(20))} ${paint('dim', 'password')}  ${paint('bold', password)}`,
  );
  return [
    '',
    '  b2c-signin: the local demo. It sends nothing outside this computer.',
    '',
    `  Application   ${paint('cyan', applicationUrl)}`,
    `  Emulator      ${paint('cyan', `${tenant.url}/_emulator/`)}   ${paint('dim', 'accounts, mailbox, last requests')}`,
    '',
    '  Sign in as',
    ...accounts,
    '',
    paint(
      'dim',
      '  For your own tenant copy config.example.json to config.json. Stop with Ctrl+C.',
    ),
    '',
  ].join('\n');
}

/** Explains which of the demo's two ports is in use; returns other errors unchanged. */
export function demoPortError(error: unknown, { port }: { port: number }): unknown {
  const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== 'EADDRINUSE') return error;
  const hint =
    taken === port ? '' : ' If an emulator runs there, create a config.json that uses it.';
  return new Error(
    `Cannot start the demo: port ${taken} is in use. Without a config.json, the demo uses ${port} for the server and ${port + 1} for the emulator.${hint} Choose other ports with --port.`,
    { cause: error },
  );
}
