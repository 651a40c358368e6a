// Two applications of one tenant in a real browser: signing out of one signs out of the other, by the
// frame on the tenant's page.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';
import { freePort } from '../support/free-port.js';

const POLICIES = { signIn: 'B2C_1A_signup_signin' };
const OTHER = { id: 'f0b6e55f-0000-4000-8000-00000000a009', secret: 'another-secret-for-tests' };

for (const logoutIssuerAndSession of [true, false]) {
  const how = logoutIssuerAndSession ? 'with iss and sid' : 'by the cookie for frames';
  test(`signing out of one application ends the session of the other, ${how}`, async (t) => {
    const chromium = await openChromium(t, { thirdPartyCookies: !logoutIssuerAndSession });
    if (!chromium) return;
    const { context, page, complaints } = chromium;
    const [port, otherPort] = [await freePort(), await freePort()];
    // Cookies ignore ports, so the other application needs a different host. The page of the tenant has
    // that host too, so for it the first application is another site.
    const otherUrl = `http://127.0.0.1:${otherPort}`;
    const one = await startApp(t, {
      config: { listen: { port }, policies: POLICIES },
      emulator: {
        behavior: { logoutIssuerAndSession },
        applications: [
          {
            id: 'f0b6e55f-0000-4000-8000-00000000a001',
            secrets: ['emulator-secret'],
            logoutUrl: `http://localhost:${port}/auth/front_channel_logout`,
          },
          { id: OTHER.id, secrets: [OTHER.secret] },
        ],
      },
    });
    const other = await startApp(t, {
      tenantOf: one,
      config: { listen: { port: otherPort }, baseUrl: otherUrl, client: OTHER, policies: POLICIES },
    });

    await page.goto(`${one.url}/auth/sign_in`);
    await page.fill('#signInName', 'alice@example.com');
    await page.fill('#password', 'Pass@word1');
    await page.click('#next');
    await page.waitForURL(`${one.url}/`);
    // The tenant knows her already.
    await page.goto(`${otherUrl}/auth/sign_in`);
    await page.waitForURL(`${otherUrl}/`);
    assert.match((await page.textContent('main')) ?? '', /You are signed in/);

    await page.click('header >> text=Sign out');
    await page.click('main >> role=button[name="Sign out"]');
    await page.waitForURL(`${otherUrl}/auth/post_sign_out`);
    assert.equal(one.log.of('sign_out').length, 1, one.log.lines.join(''));
    assert.equal(other.log.of('sign_out').length, 1);

    await page.goto(one.url);
    assert.match((await page.textContent('main')) ?? '', /You are not signed in/);
    assert.deepEqual(complaints, []);
    // The remaining cookie of the first session names a session that no longer exists.
    await page.goto(`${one.url}/auth/sign_in`);
    await page.fill('#signInName', 'bob@example.com');
    await page.fill('#password', 'Pass@word1');
    await page.click('#next');
    await page.waitForURL(`${one.url}/`);
    const own = (await context.cookies(one.url)).filter(({ name }) => name.startsWith('b2c-'));
    assert.equal(own.length, 2);
    await page.click('header >> text=Sign out');
    await page.click('main >> role=button[name="Sign out"]');
    await page.waitForURL(`${one.url}/auth/post_sign_out`);
    const left = (await context.cookies(one.url)).filter(({ name }) => name.startsWith('b2c-'));
    assert.deepEqual(left, []);
  });
}

test('a page of another site cannot sign a user out with a frame', async (t) => {
  const chromium = await openChromium(t, { thirdPartyCookies: true });
  if (!chromium) return;
  const { page } = chromium;
  const app = await startApp(t);
  const frame = `<iframe src="${app.url}/auth/front_channel_logout"></iframe>`;
  const evil = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(frame);
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  t.after(() => evil.close());
  await page.goto(`${app.url}/auth/sign_in`);
  await page.fill('#email', 'alice@example.com');
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
  await page.waitForURL(`${app.url}/`);

  const answer = page.waitForResponse(/front_channel_logout/);
  await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}`);
  assert.equal((await answer).status(), 403);
  await page.goto(app.url);
  assert.match((await page.textContent('main')) ?? '', /You are signed in/);
  assert.equal(app.log.of('sign_out').length, 0);
});
