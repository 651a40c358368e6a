// Which fields connect log lines, and which of them leave the server.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, test } from 'node:test';
import { sharedApp, startApp } from '../support/app.js';

describe('log lines', () => {
  const started = sharedApp();

  const AS = { as: 'alice@example.com' };
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
  const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;

  const stateIn = (location: string) => new URL(location).searchParams.get('state') ?? '';
  const toAttemptField = (state: string) =>
    createHash('sha256').update(state).digest('hex').slice(0, 12);

  test('the lines of a sign-in share the attempt field, however it ends', async () => {
    const app = started();
    const ends = [
      ['sign_in_completed', AS],
      ['sign_in_cancelled', { cancel: true }],
      ['sign_in_diverted', { forgotPassword: true }],
      ['sign_in_failed', { error: 'AADB2C90157' }],
    ] as const;
    for (const [event, how] of ends) {
      const browser = app.browser();
      const { location } = await browser.get('/auth/sign_in');
      await browser.get(await app.control.authorize(location, how));
      const attempt = toAttemptField(stateIn(location));
      const started = app.log.of('sign_in_started').filter((line) => line['attempt'] === attempt);
      assert.deepEqual(
        started.map(({ policy }) => policy),
        ['signIn'],
        event,
      );
      const [ended, ...others] = app.log.of(event);
      assert.deepEqual([ended?.['attempt'], ended?.['policy']], [attempt, 'signIn'], event);
      assert.deepEqual(others, [], event);
      assert.ok(!app.log.lines.join().includes(stateIn(location).slice(0, 11)));
    }
    const [completed] = app.log.of('sign_in_completed');
    assert.ok(Number(completed?.['durationMs']) > 0);
    const codes = ['sign_in_cancelled', 'sign_in_diverted', 'sign_in_failed'].map(
      (event) => app.log.of(event)[0]?.['providerCode'],
    );
    assert.deepEqual(codes, ['AADB2C90091', 'AADB2C90118', 'AADB2C90157']);
  });

  test('the lines about a request have its trace ID, which is not sent to the provider', async (t) => {
    const app = await startApp(t, { config: { gate: {} } });
    const toProvider: string[] = [];
    const onRequest = (message: unknown) => {
      const { request } = message as { request: { origin: string; headers: string[] } };
      if (String(request.origin) === app.emulator.url) toProvider.push(request.headers.join());
    };
    subscribe('undici:request:create', onRequest);
    t.after(() => unsubscribe('undici:request:create', onRequest));
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in', { traceparent });
    const callback = await app.control.authorize(location, AS);
    await browser.get(callback, { traceparent, tracestate: 'vendor=1', baggage: 'a=b' });
    await browser.post('/auth/sign_out', {}, { traceparent });
    await browser.get('/auth/nowhere', { traceparent });
    await browser.get(callback, { traceparent });
    await browser.get('/auth/verify', { traceparent });
    for (const event of [
      'sign_in_started',
      'sign_in_completed',
      'sign_out',
      'request_failed',
      'sign_in_failed',
      'gate_denied',
    ]) {
      const lines = app.log.of(event);
      assert.deepEqual(
        lines.map(({ traceId }) => traceId),
        [TRACE],
        event,
      );
    }
    assert.ok(toProvider.length >= 3, String(toProvider.length));
    assert.doesNotMatch(toProvider.join(), /trace|baggage|4bf92f/i);
  });

  test('without a valid traceparent, lines have no trace ID', async () => {
    const app = started();
    await app.signedIn();
    await app.browser().get('/auth/nowhere', { traceparent: 'x'.repeat(1_000) });
    assert.doesNotMatch(app.log.lines.join(), /traceId/);
  });

  test('after a shared error, each user can start again with their own return path', async (t) => {
    const app = await startApp(t, { faultsAtStart: [{ fault: 'discovery_500' }] });
    const paths = ['/first', '/second', '/third'];
    const pages = await Promise.all(
      paths.map((path) => app.browser().get(`/auth/sign_in?return_to=${path}`)),
    );
    // Also a request during the backoff.
    pages.push(await app.browser().get('/auth/sign_in?return_to=/fourth'));
    for (const [index, path] of [...paths, '/fourth'].entries()) {
      const { status, body } = pages[index] ?? { body: '' };
      assert.equal(status, 503);
      // The first link is in the header.
      const links = [...body.matchAll(/return_to=%2F([^"]*)"/g)].map(([, own]) => own);
      assert.deepEqual(links, ['', path.slice(1)]);
    }
  });
});
