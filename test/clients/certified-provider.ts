// Starts oidc-provider, a certified provider of another project, and an application at it.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Certificate } from '../../dist/emulator/certificate.js';
import { mountApp, type RunningApp, type StartOptions, startApp } from '../support/app.js';
import { freePort } from '../support/free-port.js';
import { type Browser, createBrowser } from './browser.js';
import { startProgram } from './client.js';
import { missingPackage } from './client-contract.js';

const client = { id: 'the application', secret: 'a secret of the application' };

export interface SetUp {
  /** Changes of the tenant's settings. */
  tenant?: (issuer: string) => object;
  /** The settings under `client`. */
  client?: object;
  /** More settings. */
  settings?: object;
  /** Members of the registration at the provider. */
  registration?: (appUrl: string) => object;
  /** Serves the application on HTTPS, without the page of its access token. */
  certificate?: Certificate;
}

export interface Given {
  app: RunningApp;
  visitor: Browser;
  issuer: string;
  /** Starts the provider again, with other keys and without its state. */
  restart(): Promise<void>;
}

/** Starts the provider, at which an application of this URL is registered. */
export async function startProvider(
  t: TestContext,
  { url, registration = {} }: { url: string; registration?: object },
): Promise<Pick<Given, 'issuer' | 'restart'>> {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const environment = {
    ISSUER: issuer,
    CLIENT_ID: client.id,
    CLIENT_SECRET: client.secret,
    REDIRECT_URI: `${url}/auth/redirect`,
    POST_SIGN_OUT_URI: `${url}/auth/post_sign_out`,
    CLIENT_METADATA: JSON.stringify(registration),
  };
  let stop = await startProgram('oidc-provider.js', environment);
  t.after(() => stop());
  return {
    issuer,
    async restart() {
      await stop();
      stop = await startProgram('oidc-provider.js', environment);
    },
  };
}

/** The application at the provider, and a visitor who is about to sign in. */
export async function startAtProvider(t: TestContext, setUp: SetUp = {}): Promise<Given> {
  const port = await freePort();
  const url = `http${setUp.certificate ? 's' : ''}://localhost:${port}`;
  const registration = setUp.registration?.(url) ?? {};
  const { issuer, restart } = await startProvider(t, { url, registration });
  const ownClient = { ...client, authMethod: 'client_secret_basic' };
  const options: StartOptions = {
    port,
    ...(setUp.certificate ? { certificate: setUp.certificate } : {}),
    config: {
      tenant: () => ({
        kind: 'generic',
        issuer,
        allowPlainHttp: true,
        ...setUp.tenant?.(issuer),
      }),
      client: () => setUp.client ?? ownClient,
      policies: undefined,
      scopes: ['profile', 'email', 'offline_access'],
      ...setUp.settings,
    },
  };
  const app = setUp.certificate
    ? await startApp(t, options)
    : await mountApp(
        t,
        async (own, request, response) => {
          response.end(await own.accessToken(request));
        },
        options,
      );
  return { app, visitor: createBrowser(), issuer, restart };
}

/** An application, and a browser that visits it. */
interface Visit {
  app: { url: string };
  visitor: Browser;
}

/** Through the provider's pages for password and consent. */
export async function signIn({ app, visitor }: Visit, query = ''): Promise<void> {
  await visitor.open(`${app.url}/auth/sign_in?return_to=/auth/token_details${query}`);
  assert.match(visitor.page.body, /Enter any login/);
  await visitor.send({ login: 'ada', password: 'any' });
  assert.match(visitor.page.body, /Authorize/);
  await visitor.send();
}

export function assertSignedIn({ app, visitor }: Visit): void {
  const { url, status, body } = visitor.page;
  assert.equal(url.href, `${app.url}/auth/token_details`);
  assert.equal(status, 200);
  assert.match(body, /ada Example/);
  assert.match(body, /ada@a\.example/);
}

/** Why its tests cannot run here. */
export const skipWithoutProvider = { skip: missingPackage('oidc-provider') ?? false };
