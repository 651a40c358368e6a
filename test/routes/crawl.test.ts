import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { startApp } from '../support/app.js';
import type { Answer } from '../support/browser.js';
import { DOCUMENTED_PATHS } from '../support/documented-paths.js';
import { type Scope, shared } from '../support/shared.js';

describe('every documented path over HTTPS', () => {
  const started = shared(crawl);

  // Requests every documented path over HTTPS, with and without a session, and at the end signs out.

  interface Visit {
    path: string;
    answer: Answer;
    isSignedIn: boolean;
  }

  async function crawl(scope: Scope) {
    const app = await startApp(scope, { certificate: createCertificate() });
    const [signedIn, anonymous] = [await app.signedIn(), app.browser()];
    const cookies = [...signedIn.cookies.values()];
    const visits: Visit[] = [];
    for (const path of [...DOCUMENTED_PATHS, '/nowhere']) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const [ofUser, ofVisitor] = [
          await signedIn.send(method, path),
          await anonymous.send(method, path),
        ];
        visits.push({ path, answer: ofUser, isSignedIn: true });
        visits.push({ path, answer: ofVisitor, isSignedIn: false });
      }
    }
    assert.ok(visits.length > 60);
    assert.equal((await signedIn.get('/auth/token_details')).status, 200, 'still signed in');
    const path = '/auth/sign_out';
    visits.push({ path, answer: await signedIn.post(path), isSignedIn: false });
    return { app, visits, cookies };
  }

  test('values of session cookies appear in no page or URL', async () => {
    const { visits, cookies } = started();
    const secrets = cookies.flatMap((value) => value.split('.')).filter((part) => part.length > 20);
    assert.ok(secrets.length >= 2);
    for (const { path, answer } of visits) {
      const { 'set-cookie': _, ...others } = answer.headers;
      const text = answer.body + JSON.stringify(others);
      for (const secret of secrets) assert.equal(text.includes(secret), false, path);
    }
  });

  test('every cookie is Secure, HttpOnly, bound to this host, and small', async () => {
    const { app, visits } = started();
    const start = await app.browser().get('/auth/sign_in');
    const lines = [...visits.map(({ answer }) => answer), start].flatMap((one) => one.setCookies);
    assert.ok(lines.length > 5);
    for (const line of lines) {
      assert.match(line, /^__Host-[\w-]+=/);
      assert.match(line, /; Path=\/(;|$)/);
      assert.match(line, /; HttpOnly(;|$)/);
      assert.match(line, /; Secure(;|$)/);
      assert.match(line, /; SameSite=(Lax|Strict|None)(;|$)/);
      assert.doesNotMatch(line, /domain=/i);
      assert.ok((line.split(';', 1)[0] ?? '').length <= 4_096);
    }
  });

  test('redirects go only to this site and the provider', async () => {
    const { app, visits } = started();
    const locations = visits.map(({ answer }) => answer.location).filter(Boolean);
    assert.ok(locations.length > 5);
    for (const location of locations) {
      const { origin } = new URL(location, app.url);
      assert.ok([app.url, app.emulator.url].includes(origin), location);
    }
  });

  test('no response except assets is cacheable, and none shows a version', async () => {
    const { visits } = started();
    for (const { path, answer } of visits) {
      assert.equal(answer.headers['cache-control'], 'no-store', path);
      for (const name of ['server', 'x-powered-by', 'via', 'access-control-allow-origin']) {
        assert.equal(answer.headers[name], undefined, `${path} ${name}`);
      }
      assert.equal(answer.body.includes(process.version.slice(1)), false, path);
    }
  });

  test('every page of a signed-in user links to sign-out, and none contains a token', async () => {
    const { visits } = started();
    // A rejected cross-site request must not show who is signed in.
    const pages = visits.filter(
      ({ answer, isSignedIn }) => isSignedIn && answer.body && answer.status !== 403,
    );
    const html = pages.filter(({ answer }) => /html/.test(String(answer.headers['content-type'])));
    assert.ok(html.length > 5);
    for (const { path, answer } of html) {
      assert.match(answer.body, /(href|action)="\/auth\/sign_out"/, path);
    }
    for (const { path, answer } of pages) {
      assert.doesNotMatch(answer.body, /eyJ[\w-]{10}|access_token|refresh_token/, path);
    }
  });
});
