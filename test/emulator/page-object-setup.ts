/** An emulator, an application and a browser, for scripts of the hosted pages. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { PolicyOptions } from '../../dist/emulator/definition/policy.js';
import type { Emulator } from '../../dist/emulator/emulator.js';
import type { Chromium } from '../support/chromium.js';
import { emulatorControl } from '../support/emulator-control.js';
import { type HostedPages, hostedPages, type PolicyFamily } from './page-object.js';
import { authorizationUrl, claimsOf, type Json, requestToken, startEmulator } from './support.js';

const POLICIES: PolicyOptions[] = [
  { name: 'B2C_1_susi' },
  { name: 'B2C_1_reset', kind: 'resetPassword' },
  { name: 'B2C_1_edit_profile', kind: 'editProfile' },
  { name: 'B2C_1A_signup_signin' },
  { name: 'B2C_1A_PasswordReset', kind: 'resetPassword' },
  { name: 'B2C_1A_ProfileEdit', kind: 'editProfile' },
  { name: 'B2C_1_classic', page: { layout: 'classic' } },
  {
    name: 'B2C_1_social',
    identityProviders: ['GoogleExchange', 'FacebookExchange'],
    session: { keepMeSignedInDays: 30 },
  },
  { name: 'B2C_1_totp', secondFactor: 'totp' },
  { name: 'B2C_1_phone', secondFactor: 'phone' },
];

export interface Situation {
  page: Page;
  emulator: Emulator;
  pages: HostedPages;
  /** Opens the authorization URL of a policy. */
  start(policy: string, more?: Record<string, string>): Promise<void>;
  /** Waits for the redirect to the application. */
  returned(): Promise<URL>;
  /** Redeems the authorization code. Returns the claims of the ID token. */
  claims(policy: string): Promise<Json>;
}

export type Steps = Record<string, (situation: Situation) => Promise<void>>;

/** Runs the steps one after the other in one browser. */
export async function runAll(
  t: TestContext,
  steps: Steps,
  { chromium, family }: { chromium: Chromium; family: PolicyFamily },
): Promise<void> {
  for (const [title, step] of Object.entries(steps)) {
    await t.test(title, async (t) => {
      await step(await setUp(t, chromium, family));
      const complaints = chromium.complaints.splice(0);
      // Chromium logs the status of error pages.
      assert.deepEqual(
        complaints.filter((text) => !text.includes('status of 400')),
        [],
      );
    });
  }
}

/** An emulator, an empty application, and a browser without cookies. */
async function setUp(
  t: TestContext,
  { context, page }: Chromium,
  family: PolicyFamily,
): Promise<Situation> {
  await context.clearCookies();
  page.setDefaultTimeout(60_000);
  const emulator = await startEmulator(t, { policies: POLICIES });
  const redirectUri = `${await startApplication(t)}/callback`;
  const returned = async () => {
    await page.waitForURL(`${redirectUri}?**`);
    return new URL(page.url());
  };
  return {
    page,
    emulator,
    pages: hostedPages(page, family, emulatorControl(emulator.url).mailedCode),
    async start(policy, more = {}) {
      await page.goto(authorizationUrl(emulator, policy, { redirect_uri: redirectUri, ...more }));
    },
    returned,
    async claims(policy) {
      const code = (await returned()).searchParams.get('code') ?? '';
      const { body } = await requestToken(emulator, policy, { code, redirect_uri: redirectUri });
      return claimsOf(body['id_token']);
    },
  };
}

async function startApplication(t: TestContext): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><link rel="icon" href="data:,"><h1>The application</h1>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}
