/** A user of the pages of a pack, in a separate browser context. */
import assert from 'node:assert/strict';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Browser } from 'playwright-core';
import { APPLICATIONS, SECRET, type Site } from './site.js';

export interface Visitor {
  /** Opens a policy from one of the two applications. */
  open(
    policy: string,
    application?: keyof typeof APPLICATIONS,
    parameters?: Record<string, string>,
  ): Promise<void>;
  has(id: string): Promise<boolean>;
  value(id: string): Promise<string>;
  fill(fields: Readonly<Record<string, string>>): Promise<void>;
  press(id: string): Promise<void>;
  /** Asks for a mailed code and enters it, in either form of the page. */
  proveEmail(email: string): Promise<void>;
  /** Enters a number, if the page asks for one, and the code that is sent there. */
  provePhone(number: string): Promise<void>;
  /** The visible error of the page. */
  error(): Promise<string>;
  /** `error_description` that the application got. */
  failure(): Promise<string>;
  /** The claims of the token that the application gets, after its signature has been checked. */
  token(policy: string): Promise<Record<string, unknown>>;
  /** The claims of the last token. */
  claims(): Promise<Record<string, unknown>>;
  /** Pages of the tenant since the policy was opened. */
  pages(): string[];
  /** Messages of the browser's console. */
  complaints(): string | undefined;
  /** Where the user is, for the report of a failure. */
  place(): string;
  close(): Promise<void>;
}

const TENANT = 'fabrikamb2c.onmicrosoft.com';
const TIMEOUT_MS = 10_000;

export async function openVisitor(browser: Browser, site: Site): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'en' });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  let pages: string[] = [];
  let application: string = APPLICATIONS.first;
  let claims: Record<string, unknown> | undefined;
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('load', () => {
    if (page.url().startsWith(site.url)) pages.push(page.url());
  });
  const left = async (): Promise<URLSearchParams> => {
    await page.waitForURL(`${site.redirectUri}**`);
    return new URL(page.url()).searchParams;
  };
  const codeFor = async (address: string): Promise<string> => {
    const response = await fetch(
      `${site.url}/_emulator/mailbox?email=${encodeURIComponent(address)}`,
    );
    const { messages } = (await response.json()) as { messages: { code: string }[] };
    return messages[0]?.code ?? '';
  };
  const prove = async (email: string, ids: Record<'send' | 'code' | 'verify', string>) => {
    await page.fill('#email', email);
    await page.click(ids.send);
    await page.waitForSelector(`${ids.code}:visible`);
    await page.fill(ids.code, await codeFor(email));
    await page.click(ids.verify);
    await page.waitForSelector(`${ids.verify}:visible`, { state: 'hidden' });
  };
  const visitor: Visitor = {
    async open(policy, who = 'first', parameters = {}) {
      application = APPLICATIONS[who];
      pages = [];
      const url = new URL(`${site.url}/${TENANT}/${policy}/oauth2/v2.0/authorize`);
      url.search = String(
        new URLSearchParams({
          ...{ client_id: application, response_type: 'code', scope: 'openid' },
          ...{ redirect_uri: site.redirectUri, state: 'a', nonce: 'the-nonce' },
          ...parameters,
        }),
      );
      await page.goto(url.href);
    },
    has: (id) => page.locator(`#${id}`).isVisible(),
    value: (id) => page.inputValue(`#${id}`),
    async fill(fields) {
      for (const [id, value] of Object.entries(fields)) await page.fill(`#${id}`, value);
    },
    async press(id) {
      const before = page.url();
      await page.click(`#${id}`);
      // A script may answer in place: then the address stays.
      await page.waitForURL((url) => url.href !== before, { timeout: 1_500 }).catch(() => {});
      await page.waitForLoadState();
    },
    async proveEmail(email) {
      const builtIn = await page.locator('#email_ver_but_send').isVisible();
      const [prefix, code] = builtIn
        ? ['#email_ver_but', '#email_ver_input']
        : ['#emailVerificationControl_but', '#verificationCode'];
      const [send, verify] = builtIn ? ['send', 'verify'] : ['send_code', 'verify_code'];
      await prove(email, { send: `${prefix}_${send}`, code, verify: `${prefix}_${verify}` });
    },
    async provePhone(number) {
      await page.waitForSelector('#sendCode:visible');
      if (await page.locator('#number').isVisible()) await page.fill('#number', number);
      await page.click('#sendCode');
      await page.waitForSelector('#verificationCode:visible');
      await page.fill('#verificationCode', await codeFor(`+1${number}`));
      await visitor.press('verifyCode');
    },
    error: () => page.locator('.error:visible').first().innerText(),
    failure: async () => (await left()).get('error_description') ?? 'no error',
    async token(policy) {
      const parameters = await left();
      const code = parameters.get('code');
      assert.ok(code, `no code: ${parameters}`);
      const authority = `${site.url}/${TENANT}/${policy}`;
      const response = await fetch(`${authority}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ grant_type: 'authorization_code', code, redirect_uri: site.redirectUri },
          ...{ client_id: application, client_secret: SECRET, scope: 'openid' },
        }),
      });
      const { id_token: token } = (await response.json()) as { id_token?: string };
      const keys = createRemoteJWKSet(new URL(`${authority}/discovery/v2.0/keys`));
      const { payload } = await jwtVerify(token ?? '', keys, { audience: application });
      assert.equal(payload['nonce'], 'the-nonce');
      claims = payload;
      return payload;
    },
    async claims() {
      assert.ok(claims, 'no journey has ended in a token');
      return claims;
    },
    pages: () => pages,
    complaints: () => (complaints.length > 0 ? complaints.join('\n') : undefined),
    place: () => `at ${page.url().replace(/\?.*/, '')}`,
    close: () => context.close(),
  };
  return visitor;
}
