import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { startApp } from '../support/app.js';
import type { Answer } from '../support/browser.js';

const NAME = 'strict-transport-security';
const certificate = await createCertificate();

describe('Strict-Transport-Security', () => {
  const rows: [title: string, hsts: unknown, header: string | undefined][] = [
    ['is a year without subdomains by default', undefined, 'max-age=31536000'],
    [
      'is what the setting says',
      { maxAgeSeconds: 60, includeSubDomains: true },
      'max-age=60; includeSubDomains',
    ],
    ['is not sent with false', false, undefined],
  ];
  for (const [title, hsts, header] of rows) {
    test(title, async (t) => {
      const config = hsts === undefined ? {} : { hsts };
      const app = await startApp(t, { certificate, config });
      const browser = app.browser();
      const answers: Answer[] = [];
      for (const path of ['/', '/auth/me', '/nowhere', '/auth/sign_in']) {
        answers.push(await browser.get(path));
      }
      for (const { status, headers } of answers) assert.equal(headers[NAME], header, `${status}`);
    });
  }

  test('is not sent by the gate, whose responses reach browsers on hosts of applications', async (t) => {
    const gate = {
      allowedHosts: ['app.example.com'],
      rules: [{ path: '/admin', claims: { a: ['b'] } }],
    };
    const app = await startApp(t, { certificate, config: { gate } });
    const browser = await app.signedIn();
    const original = (path: string) => ({
      ...{ 'x-forwarded-host': 'app.example.com', 'x-forwarded-uri': path },
    });
    const rows: [path: string, headers: Record<string, string>, status: number][] = [
      ['/auth/forward', original('/x'), 200],
      ['/auth/forward', original('/admin'), 403],
      ['/auth/verify', original('/x'), 202],
      ['/oauth2/start?rd=/x', { 'x-forwarded-host': 'app.example.com' }, 302],
      ['/oauth2/sign_out', { 'x-forwarded-host': 'app.example.com' }, 302],
    ];
    for (const [path, headers, status] of rows) {
      const answer = await browser.get(path, headers);
      assert.equal(answer.status, status, path);
      assert.equal(answer.headers[NAME], undefined, path);
    }
    const anonymous = await app.browser().get('/auth/forward', original('/x'));
    assert.equal(anonymous.status, 302);
    assert.equal(anonymous.headers[NAME], undefined);
    assert.equal((await browser.get('/')).headers[NAME], 'max-age=31536000');
  });

  test('is not sent over HTTP', async (t) => {
    const app = await startApp(t);
    assert.equal((await app.browser().get('/')).headers[NAME], undefined);
  });
});
