import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateLimitLog } from '../../dist/log/log-rate-limit.js';
import { startApp } from '../support/app.js';
import { recordLog } from '../support/log.js';

test('a flood of unauthenticated events writes few lines, then reports the number of dropped ones', async () => {
  const recorded = recordLog();
  const log = rateLimitLog(recorded, { lines: 10, windowMs: 50 });
  for (let i = 0; i < 1_000; i += 1) {
    log.warn('sign_in_failed', { code: 'callback_without_attempt' });
    log.warn('csrf_refused');
  }
  assert.equal(recorded.of('sign_in_failed').length, 10);
  assert.equal(recorded.of('csrf_refused').length, 10);
  await new Promise((resolve) => setTimeout(resolve, 80));
  const dropped = recorded
    .of('log_lines_dropped')
    .map(({ event, dropped: count }) => [event, count]);
  assert.deepEqual(dropped, [
    ['sign_in_failed', 990],
    ['csrf_refused', 990],
  ]);
  log.warn('csrf_refused');
  assert.equal(recorded.of('csrf_refused').length, 11);
});

test('events below the level do not count for the limit', () => {
  const recorded = recordLog('error');
  const log = rateLimitLog(recorded, { lines: 1 });
  for (let i = 0; i < 1_000; i += 1) log.debug('request_failed', { code: 'not_found' });
  log.error('request_failed', { code: 'internal_error' });
  assert.deepEqual(
    recorded.of('request_failed').map(({ code }) => code),
    ['internal_error'],
  );
});

test('events of signed-in users are never dropped', () => {
  const recorded = recordLog();
  const log = rateLimitLog(recorded, { lines: 1 });
  for (let i = 0; i < 100; i += 1) {
    log.info('sign_in_completed');
    log.info('sign_out');
  }
  assert.equal(recorded.lines.length, 200);
});

test('every event of an unauthenticated request has the limit', async (t) => {
  const app = await startApp(t);
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in');
  const cancelled = await app.control.authorize(location, { cancel: true });
  await browser.get(cancelled);
  for (const path of ['/nowhere', '/auth/redirect', '/auth/redirect?state=x&code=y', '/auth/me']) {
    for (const method of ['GET', 'POST', 'PUT', 'HEAD']) {
      await browser.send(method, path, { cookie: 'b2c-signin=forged.forged' });
      await browser.send(method, path, {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'cors',
      });
    }
  }
  await browser.send('POST', '/auth/sign_out', { origin: 'null' });
  const none = recordLog();
  const limited = rateLimitLog(none, { lines: 0 });
  const events = new Set(app.log.lines.map((line) => JSON.parse(line).msg));
  events.delete('metadata_loaded'); // logged by the server once a day
  assert.ok(events.size >= 5, [...events].join());
  for (const event of events) limited.error(event);
  assert.deepEqual(none.lines, []);
});
