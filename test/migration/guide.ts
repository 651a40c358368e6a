// The blocks of a migration guide, with an emulator instead of their tenant: what is replaced in them
// are addresses.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Agent, setGlobalDispatcher } from 'undici';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { examplesOf, LIBRARIES, linkPackage, ROOT } from '../support/examples.js';
import { emptyFolder } from '../support/folder.js';
import { moved } from '../support/migrated-app.js';
import type { Scope } from '../support/redis.js';
import { sharedKeys } from '../support/signing-keys.js';

/** The configuration file of a guide, if its application reads one. */
export const configOf = (guide: string): string | undefined =>
  examplesOf(`docs/migrate/${guide}.md`).get('config.json');

/** A code block of a guide, by the name of a file behind its language. */
export function blockOf(guide: string, file: string): string {
  const code = examplesOf(`docs/migrate/${guide}.md`).get(file);
  if (code === undefined) throw new Error(`${guide}.md has no ${file}`);
  return code;
}

/** The accounts of the tenant. */
export const PEOPLE = {
  alice: { email: 'alice@example.com', oid: 'a11ce000-0000-4000-8000-000000000001' },
  bob: { email: 'bob@example.com', oid: 'b0b00000-0000-4000-8000-000000000002' },
};
export const CLIENT_SECRET = 'the-secret-of-the-application';
export const SESSION_SECRET = 'a-session-secret-for-guides-of-40-letters';

export interface GuideTenant {
  emulator: Emulator;
  /** Makes Node trust it. */
  env: { NODE_EXTRA_CA_CERTS: string };
  /** A block with the tenant's address, and with further ones. */
  at(block: string, places?: [from: string, to: string][]): string;
}

/** The certificates of all tenants in this process, because files share one. */
const trusted: string[] = [];

/**
 * A tenant on https, as the guides have it, where nothing but these redirect URIs is registered. What the
 * test itself asks trusts it too.
 */
export async function startTenant(
  scope: Scope,
  redirectUris: readonly string[],
): Promise<GuideTenant> {
  const { cert, key, ca } = createCertificate();
  const caFile = path.join(emptyFolder(scope as never), 'ca.pem');
  writeFileSync(caFile, ca);
  trusted.push(ca);
  setGlobalDispatcher(new Agent({ connect: { ca: trusted } }));
  const emulator = await createEmulator({
    keys: await sharedKeys(),
    host: 'localhost',
    tls: { cert, key },
    accounts: [
      { ...PEOPLE.alice, displayName: 'Alice Example' },
      { ...PEOPLE.bob, displayName: 'Bob Example', claims: { extension_Role: 'admin' } },
    ],
    applications: [
      {
        id: '11111111-1111-1111-1111-111111111111',
        secrets: [CLIENT_SECRET],
        redirectUris: [...redirectUris],
        // passport-azure-ad asks for `code id_token`.
        implicit: { idToken: true, accessToken: false },
      },
    ],
  });
  scope.after(() => emulator.close());
  return {
    emulator,
    env: { NODE_EXTRA_CA_CERTS: caFile },
    at: (block, places = []) =>
      moved(block, [['fabrikamb2c.b2clogin.com', new URL(emulator.url).host], ...places]),
  };
}

/** A folder of ES modules that find b2c-signin and these libraries, with this version of Express. */
export function createProject(
  scope: Scope,
  libraries: readonly string[],
  express: 'express' | 'express-4' = 'express',
): string {
  const folder = emptyFolder(scope as never);
  linkPackage(folder, 'b2c-signin', ROOT, '');
  for (const library of libraries) {
    linkPackage(folder, library, LIBRARIES, library === 'express' ? express : library);
  }
  return folder;
}
