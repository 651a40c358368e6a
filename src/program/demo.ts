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

/** What a configuration says of the local tenant: an application that is registered there. */
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

/** The configuration of the demo: the local tenant's own values, and secrets of this run alone. */
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

/** What the demo's pages say about the local tenant. */
export function demoSite({ url, accounts }: Emulator): NonNullable<Site['demo']> {
  const shown = accounts.map(({ email, password = 'Pass@word1' }) => ({ email, password }));
  return { tenantUrl: url, accounts: shown };
}

/** What the terminal says when the demo has started. */
export function demoText(applicationUrl: string, tenant: Emulator, paint: Paint = plain): string {
  const accounts = demoSite(tenant).accounts.map(
    ({ email, password }) =>
      `    ${paint('bold', email.padEnd(20))} ${paint('dim', 'password')}  ${paint('bold', password)}`,
  );
  return [
    '',
    '  b2c-signin: the local demo. Nothing of it leaves this computer.',
    '',
    `  Application   ${paint('cyan', applicationUrl)}`,
    `  Local tenant  ${paint('cyan', `${tenant.url}/_emulator/`)}   ${paint('dim', 'accounts, mailbox, last requests')}`,
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

/** Why the demo cannot listen, where that is because of one of its two ports. */
export function demoPortError(error: unknown, { port }: { port: number }): unknown {
  const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== 'EADDRINUSE') return error;
  const already =
    taken === port ? '' : ' If that is a local tenant of yours, give a config.json that uses it.';
  return new Error(
    `Port ${taken} is taken. Without a config.json this is the demo, which listens on ${port}, and brings a local tenant of its own on ${port + 1}.${already} Choose other ports with --port.`,
    { cause: error },
  );
}
