/** Apache with mod_auth_openidc, which is Debian's `libapache2-mod-auth-openidc`. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { freePort } from '../support/free-port.js';
import { startServerProcess } from '../support/server-process.js';
import { sharedKeys } from '../support/signing-keys.js';
import { createBrowser } from './browser.js';
import { CLIENT_ID, CLIENT_SECRET } from './client.js';
import { skipReason } from './client-contract.js';

const APACHE = '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';

const isInstalled = [APACHE, `${MODULES}/mod_auth_openidc.so`].every((file) => existsSync(file));
const skip = isInstalled
  ? false
  : skipReason('mod_auth_openidc is not installed: apt-get install libapache2-mod-auth-openidc');

const LOADED = [
  ...['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'mime', 'dir', 'headers', 'env'],
  'auth_openidc',
];

/** `/secret/` requires the policy of the sign-in, and returns the name of the user in a header. */
const configuration = (folder: string, port: number, { url, tenant }: Emulator): string => `
ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/pid
Mutex sem
ErrorLog ${folder}/error.log
User www-data
Group www-data
Listen 127.0.0.1:${port}
${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
TypesConfig /dev/null
DocumentRoot ${folder}/site
OIDCProviderMetadataURL ${url.replace('127.0.0.1', 'localhost')}/${tenant.domain}/B2C_1_susi/v2.0/.well-known/openid-configuration
OIDCClientID ${CLIENT_ID}
OIDCClientSecret ${CLIENT_SECRET}
OIDCScope "openid offline_access ${CLIENT_ID}"
OIDCRedirectURI http://localhost:${port}/secret/redirect_uri
OIDCCryptoPassphrase ${'only-for-this-test'.repeat(2)}
OIDCPKCEMethod S256
OIDCPassClaimsAs environment
<Location /secret/>
  AuthType openid-connect
  Require claim tfp:B2C_1_susi
  Header set X-Name "%{OIDC_CLAIM_name}e"
</Location>
`;

test('mod_auth_openidc signs in and out', { skip }, async (t) => {
  const emulator = await createEmulator({ keys: await sharedKeys() });
  t.after(() => emulator.close());
  const port = await freePort();
  await startServerProcess(t, {
    file: APACHE,
    port,
    prepare(folder) {
      // Apache reads the site as another user.
      chmodSync(folder, 0o755);
      mkdirSync(path.join(folder, 'site/secret'), { recursive: true });
      writeFileSync(path.join(folder, 'site/secret/index.html'), 'the secret');
      writeFileSync(path.join(folder, 'site/public.html'), 'signed out');
      writeFileSync(path.join(folder, 'apache.conf'), configuration(folder, port, emulator));
      return { args: ['-X', '-f', path.join(folder, 'apache.conf')] };
    },
  });
  const site = `http://localhost:${port}`;
  const browser = createBrowser();
  const signIn = () =>
    browser.press('next', { email: 'alice@example.com', password: 'Pass@word1' });

  await browser.open(`${site}/secret/index.html`);
  await signIn();
  assert.equal(browser.page.url.href, `${site}/secret/index.html`);
  assert.equal(browser.page.body, 'the secret');

  const target = encodeURIComponent(`${site}/public.html`);
  await browser.open(`${site}/secret/redirect_uri?logout=${target}`);
  assert.equal(browser.page.body, 'signed out');
  const logout = browser.visited.find((visited) => visited.includes('/oauth2/v2.0/logout?'));
  assert.match(String(logout), /id_token_hint=/);

  await browser.open(`${site}/secret/index.html`);
  assert.match(browser.page.body, /<form id="localAccountForm"/);
});
