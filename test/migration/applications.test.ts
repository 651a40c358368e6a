// The guides for other libraries: the application before and after, as they stand there, at one tenant
// with one registration.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, type TestContext, test } from 'node:test';
import { type Browser, createBrowser } from '../clients/browser.js';
import { missingPackage } from '../clients/client-contract.js';
import { freePort } from '../support/free-port.js';
import { moved } from '../support/migrated-app.js';
import { runProgram } from '../support/program.js';
import { fileScope } from '../support/redis.js';
import {
  blockOf,
  CLIENT_SECRET,
  configOf,
  createProject,
  type GuideTenant,
  PEOPLE,
  SESSION_SECRET,
  startTenant,
} from './guide.js';

interface Library {
  packages: string[];
  callback: string;
  /** The targets of the links to sign in and out, which the migration keeps. */
  links: [signIn: string, signOut: string];
  /** Where a visitor is after signing in and out, before. */
  arrivesAt: string;
  leavesTo: string;
  /** Whether the guide has a page for admins. */
  hasAdmin?: true;
  /** Links to other policies, which the migration keeps, with the policy. */
  policyLinks?: Record<string, string>;
  /** The versions of Express for which the guide is written. */
  express?: ('express' | 'express-4')[];
}

const GUIDES: Record<string, Library> = {
  'passport-azure-ad': {
    packages: ['express', 'express-session', 'passport', 'passport-azure-ad'],
    callback: '/auth/openid/return',
    links: ['/login?p=B2C_1_susi', '/logout'],
    arrivesAt: '/',
    leavesTo: '/',
    policyLinks: {
      '/login?p=B2C_1_edit_profile': 'b2c_1_edit_profile',
      '/login?p=B2C_1_reset': 'b2c_1_reset',
    },
    express: ['express', 'express-4'],
  },
  'msal-node': {
    packages: ['express', 'express-session', '@azure/msal-node'],
    callback: '/redirect',
    links: ['/signin', '/signout'],
    arrivesAt: '/',
    leavesTo: '/',
  },
  'express-openid-connect': {
    packages: ['express', 'express-openid-connect'],
    callback: '/callback',
    links: ['/login', '/logout'],
    arrivesAt: '/orders?page=2',
    leavesTo: '',
    hasAdmin: true,
  },
};

const missing = Object.values(GUIDES)
  .flatMap(({ packages }) => packages)
  .map(missingPackage)
  .find((reason) => reason);

const file = fileScope();
const ports: Record<string, number> = {};
let tenant: GuideTenant;
before(async () => {
  if (missing) return;
  const registered: string[] = [];
  const first = await freePort(Object.keys(GUIDES).length);
  for (const [index, [guide, { callback, leavesTo }]] of Object.entries(GUIDES).entries()) {
    const port = first + index;
    ports[guide] = port;
    for (const end of [callback, leavesTo, '/auth/post_sign_out']) {
      registered.push(`http://localhost:${port}${end}`);
    }
  }
  tenant = await startTenant(file, registered);
});

/** Runs a code block of a guide without changes to its code. Returns the URL. */
async function run(
  t: TestContext,
  guide: string,
  name: string,
  express?: 'express' | 'express-4',
): Promise<string> {
  const port = String(ports[guide]);
  const folder = createProject(t, GUIDES[guide]?.packages ?? [], express);
  const server = path.join(folder, name);
  const config = name === 'after.mjs' ? configOf(guide) : undefined;
  if (config) writeFileSync(path.join(folder, 'config.json'), tenant.at(config, [['3000', port]]));
  // The tenant is either in the configuration file or in the code.
  const code = blockOf(guide, name);
  writeFileSync(server, config ? moved(code, [['3000', port]]) : tenant.at(code, [['3000', port]]));
  const env = {
    ...tenant.env,
    NODE_V8_COVERAGE: undefined,
    B2C_CLIENT_SECRET: CLIENT_SECRET,
    SESSION_SECRET,
  };
  const program = runProgram(t, [], { cwd: folder, server, env });
  await program.says(new RegExp(`^http://localhost:${port}$`, 'm'));
  return `http://localhost:${port}`;
}

/** Opens a page of people who are signed in, and signs in on the tenant's page. */
async function signInAt(browser: Browser, address: string, email: string): Promise<void> {
  await browser.open(address);
  assert.match(placeOf(browser), /\/oauth2\/v2\.0\/authorize$/i, browser.page.body);
  await browser.press('next', { email, password: 'Pass@word1' });
}

/** Without the query, which may hold a token. */
const placeOf = ({ page: { url } }: Browser) => url.origin + url.pathname;

/** Whether the tenant is asked before the page is shown. */
async function asksTenant(browser: Browser, address: string): Promise<boolean> {
  const count = browser.visited.length;
  await browser.open(address);
  return browser.visited.slice(count).some((url) => url.includes('/authorize?'));
}

async function assertAdminPasses(url: string): Promise<void> {
  const admin = createBrowser();
  await signInAt(admin, `${url}/admin`, PEOPLE.bob.email);
  assert.equal(admin.page.body, 'Everybody’s orders');
}

describe('the guide from', { concurrency: 3, skip: missing ?? false }, () => {
  for (const [guide, library] of Object.entries(GUIDES)) {
    const {
      links,
      arrivesAt,
      leavesTo,
      hasAdmin,
      policyLinks = {},
      express = ['express'],
    } = library;
    const [signIn, signOut] = links;
    const orders = `Orders of Alice Example, ${PEOPLE.alice.oid}`;

    describe(guide, { concurrency: 1 }, () => {
      test('begins with an application that signs people in and out', async (t) => {
        const url = await run(t, guide, 'before.mjs');
        const browser = createBrowser();
        await signInAt(browser, `${url}/orders?page=2`, PEOPLE.alice.email);
        assert.equal(browser.page.url.href, url + arrivesAt, browser.page.body);
        await browser.open(`${url}/orders`);
        assert.equal(browser.page.body, orders);
        if (hasAdmin) {
          await assertAdminPasses(url);
          await assert.rejects(
            browser.open(`${url}/admin`),
            /^AssertionError.*redirects without end/,
          );
        }
        await browser.open(url + signOut);
        assert.equal(placeOf(browser), `${url}${leavesTo || '/'}`);
        assert.ok(await asksTenant(browser, `${url}/orders`));
      });

      for (const version of express) {
        test(`ends with an application on ${version} that signs the same users in and out at the same URLs`, async (t) => {
          const url = await run(t, guide, 'after.mjs', version);
          const browser = createBrowser();
          await signInAt(browser, `${url}/orders?page=2`, PEOPLE.alice.email);
          assert.equal(browser.page.url.href, `${url}/orders?page=2`);
          assert.equal(browser.page.body, orders);
          if (hasAdmin) {
            await assertAdminPasses(url);
            await browser.open(`${url}/admin`);
            assert.equal(browser.page.status, 403);
          }
          for (const [link, policy] of Object.entries(policyLinks)) {
            await browser.open(url + link);
            assert.ok(placeOf(browser).includes(`/${policy}/`), placeOf(browser));
          }
          assert.ok(await asksTenant(browser, url + signIn));
          await browser.open(url + signOut);
          await browser.send();
          assert.match(browser.page.body, /oauth2\/v2\.0\/logout/);
          assert.ok(await asksTenant(browser, `${url}/orders`));
        });
      }
    });
  }
});
