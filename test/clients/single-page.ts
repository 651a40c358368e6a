/** Single-page applications that use a library for browsers, and the tenant that signs their users in. */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { Agent, setGlobalDispatcher } from 'undici';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { sharedKeys } from '../support/signing-keys.js';

/** Which of the two is on HTTPS, and the host name of the emulator. */
export interface SetUp {
  applicationOnHttps?: boolean;
  emulatorOnHttps?: boolean;
  emulatorHost?: 'localhost' | '127.0.0.1';
}

export interface Library {
  name: string;
  /** Paths of the application, and the files behind them, from `test/clients/`. */
  files: Record<string, string>;
}

const HERE = new URL('../../test/clients/', import.meta.url);
const CLIENT_ID = 'f0b6e55f-0000-4000-8000-00000000a003';

export const OIDC_CLIENT_TS: Library = {
  name: 'oidc-client-ts',
  files: {
    '/': 'apps/browser/oidc-client-ts.html',
    '/callback': 'apps/browser/oidc-client-ts.html',
    '/library.js': 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js',
  },
};

export const MSAL_BROWSER: Library = {
  name: '@azure/msal-browser',
  files: {
    '/': 'apps/browser/msal-browser.html',
    '/callback': 'apps/browser/msal-browser-callback.html',
    '/library.js': 'node_modules/@azure/msal-browser/lib/msal-browser.min.js',
    '/redirect-bridge.js':
      'node_modules/@azure/msal-browser/lib/redirect-bridge/msal-redirect-bridge.min.js',
  },
};

export interface SinglePage {
  url: string;
  emulator: Emulator;
}

export async function startSinglePage(
  t: TestContext,
  { files }: Library,
  { applicationOnHttps = false, emulatorOnHttps = false, emulatorHost = 'localhost' }: SetUp = {},
): Promise<SinglePage> {
  const certificate = createCertificate();
  // For the test interface of the emulator.
  setGlobalDispatcher(new Agent({ connect: { ca: certificate.ca } }));
  const emulator = await createEmulator({
    keys: await sharedKeys(),
    ...(emulatorOnHttps ? { tls: certificate } : {}),
  });
  const { host, protocol } = new URL(emulator.url);
  const origin = `${protocol}//${host.replace(/^[^:]*/, emulatorHost)}`;
  const authority = `${origin}/${emulator.tenant.domain}/B2C_1_susi`;
  const answer: RequestListener = ({ url = '/' }, response) => {
    const [path = '/'] = url.split('?');
    const file = files[path];
    if (path === '/settings.json') {
      response.setHeader('Content-Type', 'application/json');
      const discovery = `${authority}/v2.0`;
      response.end(JSON.stringify({ authority, discovery, clientId: CLIENT_ID }));
    } else if (file) {
      response.setHeader('Content-Type', path.endsWith('.js') ? 'text/javascript' : 'text/html');
      response.end(readFileSync(new URL(file, HERE)));
    } else response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  };
  const server = applicationOnHttps
    ? createSecureServer(certificate, answer)
    : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await emulator.close();
  });
  const scheme = applicationOnHttps ? 'https' : 'http';
  return { url: `${scheme}://localhost:${(server.address() as AddressInfo).port}`, emulator };
}

/** Fills in the page of the tenant. */
export async function enterPassword(page: Page, email = 'alice@example.com'): Promise<void> {
  await page.fill('#email', email);
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
}
