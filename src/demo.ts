import { randomBytes } from 'node:crypto';
import { type Config, parseConfig } from './config.ts';
import type { Emulator } from './emulator/emulator.ts';

/** The configuration of the demo: the local tenant's own values and secrets of this run alone. */
export function demoConfig(tenant: Emulator, port: number): Config {
  const sources = {
    env: {},
    readFile: (path: string) => path,
    resolvePath: (path: string) => path,
  };
  const { client } = tenant;
  return parseConfig(
    {
      listen: { port },
      tenant: { authority: tenant.authority, allowPlainHttp: true },
      client: { id: client.id, secret: client.secret },
      policies: {
        signIn: 'B2C_1_susi',
        editProfile: 'B2C_1_edit_profile',
        resetPassword: 'B2C_1_reset',
      },
      session: { secrets: [randomBytes(32).toString('base64url')] },
    },
    sources,
  );
}
