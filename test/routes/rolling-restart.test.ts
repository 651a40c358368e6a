import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSealer } from '../../dist/session/sealed-value.js';
import { ATTEMPT_FORMAT } from '../../dist/visitor/attempt-cookies.js';
import { type RunningApp, startApp } from '../support/app.js';

describe('two processes with different secrets or versions', () => {
  // Two processes run side by side with different secrets or versions. One starts a sign-in, and the other has to
  // finish it.

  const [OLDER = '', NEWER = ''] = ['older', 'newer'].map((name) => name.padEnd(40, '-'));

  /** The name and value of the cookie of an attempt. */
  async function beginAt(app: RunningApp): Promise<[string, string]> {
    const browser = app.browser();
    await browser.get('/auth/sign_in');
    const [cookie] = browser.cookies;
    return cookie ?? ['', ''];
  }

  const OPENED = 'state differs';

  /** Finishes an attempt at `app` with a wrong `state`, and returns the reason for the rejection. */
  async function finishAt(app: RunningApp, [name, value]: [string, string]): Promise<string> {
    const state = name.replace('b2c-attempt-', '').padEnd(43, 'A');
    const path = `/auth/redirect?code=x&state=${state}`;
    const { status } = await app.browser().get(path, { cookie: `${name}=${value}` });
    assert.equal(status, 400);
    return String(app.log.of('sign_in_failed').at(-1)?.['detail']);
  }

  test('during the rotation of a session secret, attempts remain valid; afterwards, the old secret is not accepted', async (t) => {
    const start = (...secrets: string[]) => startApp(t, { config: { session: { secrets } } });
    const [before, during, after] = [
      await start(OLDER),
      await start(NEWER, OLDER),
      await start(NEWER),
    ];
    const begunBefore = await beginAt(before);
    const begunDuring = await beginAt(during);
    assert.equal(await finishAt(during, begunBefore), OPENED);
    assert.equal(await finishAt(after, begunDuring), OPENED);
    assert.equal(await finishAt(before, begunDuring), 'the attempt does not open');
    assert.equal(await finishAt(after, begunBefore), 'the attempt does not open');
  });

  test('a session of a process that has exited is not valid, and its browser can sign in again', async (t) => {
    const config = { session: { secrets: [OLDER] } };
    const gone = await startApp(t, { config });
    const browser = await gone.signedIn();
    const [[name = '', value = ''] = []] = browser.cookies;
    const app = await startApp(t, { config });
    const again = app.browser();
    again.cookies.set(name, value);
    assert.equal((await again.get('/auth/token_details')).status, 401);
    assert.equal((await again.get('/')).status, 200);
    const { location } = await again.get('/auth/sign_in?return_to=/auth/token_details');
    const callback = await app.control.authorize(location, { as: 'bob@example.com' });
    const end = await again.get(callback);
    assert.equal(end.location, '/auth/token_details');
    assert.notEqual(again.cookies.get(name), value);
    assert.match((await again.get(end.location)).body, /bob@example\.com/);
  });

  test('an attempt in the format of another version is not valid', async (t) => {
    const app = await startApp(t, { config: { session: { secrets: [OLDER] } } });
    const id = 'A'.repeat(11);
    const attempt = { state: 'B'.repeat(43), nonce: 'n', startedAt: Date.now(), returnTo: '/' };
    const sealedAs = (format: number) =>
      createSealer([OLDER], `attempt ${format}`).seal(attempt, id);
    const finish = (format: number) =>
      finishAt(app, [`b2c-attempt-${id}`, `0.${sealedAs(format)}`]);
    assert.equal(await finish(ATTEMPT_FORMAT), OPENED);
    assert.equal(await finish(ATTEMPT_FORMAT + 1), 'the attempt does not open');
    assert.equal(await finish(ATTEMPT_FORMAT - 1), 'the attempt does not open');
  });
});
