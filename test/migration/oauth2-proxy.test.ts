// The files of the guide from oauth2-proxy, with the program and a real nginx. oauth2-proxy itself is not
// at hand.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, type TestContext, test } from 'node:test';
import { createBrowser } from '../support/browser.js';
import { type Seen, startEchoApplication } from '../support/echo-application.js';
import { type EmulatorControl, emulatorControl } from '../support/emulator-control.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { moved } from '../support/migrated-app.js';
import { skipWithoutNginx, startNginx } from '../support/nginx.js';
import { runProgram } from '../support/program.js';
import { headersOfNginx } from '../support/proxies.js';
import { fileScope } from '../support/redis.js';
import { blockOf, CLIENT_SECRET, PEOPLE, SESSION_SECRET, startTenant } from './guide.js';

const skip = skipWithoutNginx();

const HOST = 'app.example.com';
const APPLICATION = `https://${HOST}`;
const SIGN_IN = '    error_page 401 = /oauth2/sign_in;';
const NAMED = `
    error_page 401 = @oauth2_signin;
    location @oauth2_signin {
        return 302 /oauth2/sign_in?rd=$scheme://$host$request_uri;
    }
`;

const file = fileScope() as unknown as TestContext;
let signInPort: number;
let control: EmulatorControl;
before(async () => {
  if (skip) return;
  const tenant = await startTenant(file, [
    `${APPLICATION}/oauth2/callback`,
    `${APPLICATION}/auth/post_sign_out`,
  ]);
  control = emulatorControl(tenant.emulator.url);
  signInPort = await freePort();
  const cwd = emptyFolder(file);
  const config = tenant.at(blockOf('oauth2-proxy', 'config.json'), [['4180', String(signInPort)]]);
  writeFileSync(path.join(cwd, 'config.json'), config);
  const program = runProgram(file, [], {
    cwd,
    env: { ...tenant.env, OAUTH2_PROXY_CLIENT_SECRET: CLIENT_SECRET, SESSION_SECRET },
  });
  await program.says(`port ${signInPort}`);
});

/** nginx with the lines of the guide, but for addresses and TLS; a browser in front of it. */
async function startSite(t: TestContext, replaced: [from: string, to: string][] = []) {
  const port = await freePort(2);
  await startEchoApplication(t, port + 1);
  const places: [string, string][] = [
    ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
    ['include ssl/ssl.conf;', ''],
    ['127.0.0.1:4180', `127.0.0.1:${signInPort}`],
    ['127.0.0.1:8080', `127.0.0.1:${port + 1}`],
  ];
  const http = (folder: string) => {
    const headers = ['gate-headers.conf', headersOfNginx(folder)[1]] as const;
    return moved(blockOf('oauth2-proxy', 'app.conf'), [...places, ...replaced, headers]);
  };
  await startNginx(t, { port, http });
  const browser = createBrowser(`http://127.0.0.1:${port}`);
  const get = (address: string, headers = {}) => {
    const { pathname, search } = new URL(address, APPLICATION);
    return browser.get(pathname + search, { host: HOST, ...headers });
  };
  return {
    get,
    post: (target: string) => browser.post(target, {}, { host: HOST, origin: APPLICATION }),
    /** From the answer that leads to sign-in until the visitor is back. */
    async signInFrom(address: string) {
      const policy = await get((await get(address)).location);
      const callback = await control.authorize(policy.location, { as: PEOPLE.alice.email });
      assert.ok(callback.startsWith(`${APPLICATION}/oauth2/callback?`));
      return get(callback);
    },
  };
}

describe('the lines of nginx for oauth2-proxy', { skip }, () => {
  test('redirect to sign-in, back to the same page, and sign out', async (t) => {
    const { get, post, signInFrom } = await startSite(t);
    const asked = await get('/orders?page=2');
    assert.equal(asked.status, 302);
    const signIn = `${APPLICATION}/auth/sign_in?return_to=%2Forders%3Fpage%3D2`;
    assert.equal(asked.location, signIn);
    assert.equal((await signInFrom('/orders?page=2')).location, '/orders?page=2');

    const names = ['user', 'email', 'preferred-username', 'groups'];
    const forged = names.flatMap((name) => [`x-auth-request-${name}`, `x-forwarded-${name}`]);
    const page = await get(
      '/orders?page=2',
      Object.fromEntries([...forged, 'x-user', 'x-email'].map((name) => [name, 'forged'])),
    );
    assert.equal(page.status, 200);
    const { url, headers } = JSON.parse(page.body) as Seen;
    assert.equal(url, '/orders?page=2');
    assert.equal(headers['x-user'], PEOPLE.alice.oid);
    assert.equal(headers['x-email'], PEOPLE.alice.email);
    assert.doesNotMatch(page.body, /forged/);

    const { location } = await get('/oauth2/sign_out');
    assert.equal(location, `${APPLICATION}/auth/sign_out`);
    assert.match((await get(location)).body, /<form [^>]*method="post"/);
    assert.match((await post('/auth/sign_out')).body, /oauth2\/v2\.0\/logout/);
    assert.equal((await get('/orders')).status, 302);
  });

  test('may begin a sign-in with /oauth2/start', async (t) => {
    const { signInFrom } = await startSite(t);
    assert.equal((await signInFrom('/oauth2/start?rd=/orders')).location, '/orders');
  });

  test('may lead to sign-in by a named location', async (t) => {
    const { get, signInFrom } = await startSite(t, [
      [`    ${SIGN_IN}\n`, ''],
      ['    location / {', `${NAMED}\n    location / {`],
    ]);
    const { location } = await get('/orders?page=2');
    assert.ok(location.includes('/oauth2/sign_in?rd='), location);
    assert.equal((await signInFrom(location)).location, '/orders?page=2');
  });
});
