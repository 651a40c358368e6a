/** The buttons of the dashboard, pressed in a browser without script. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBrowser } from '../support/browser.js';
import { admin, type Json, startEmulator } from './support.js';

async function press(url: string, id: string, fields: Record<string, string> = {}) {
  const browser = createBrowser(url);
  const { body: html } = await browser.get('/_emulator/');
  const form = html.split('<form ').find((part) => part.includes(` id="${id}"`)) ?? '';
  const [, action = ''] = /action="([^"]*)"/.exec(form) ?? [];
  const hidden = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  const values = Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]));
  const answer = await browser.post(action, { ...values, ...fields });
  assert.equal(answer.status, 303, answer.body);
  assert.equal(answer.location, '/_emulator/');
  return browser.get(answer.location);
}

const faultsOf = (body: Json) => body['faults'] as { fault: string; times?: number }[];

test('faults are switched on and off', async (t) => {
  const emulator = await startEmulator(t);
  const fields = { fault: 'token_500', times: '2', policy: '' };
  const page = await press(emulator.url, 'add_fault', fields);
  assert.match(page.body, /<code>token_500<\/code> 2 more/);
  const { body } = await admin(emulator, 'GET', 'faults');
  assert.deepEqual(faultsOf(body), [{ fault: 'token_500', times: 2 }]);
  await press(emulator.url, 'remove_faults');
  assert.deepEqual(faultsOf((await admin(emulator, 'GET', 'faults')).body), []);
});

test('keys are rotated, with the old ones kept or not', async (t) => {
  const emulator = await startEmulator(t);
  const count = async () => {
    const answer = await fetch(`${emulator.authority}/B2C_1_susi/discovery/v2.0/keys`);
    return ((await answer.json()) as { keys: unknown[] }).keys.length;
  };
  await press(emulator.url, 'rotate');
  assert.equal(await count(), 2);
  await press(emulator.url, 'rotate_and_drop');
  assert.equal(await count(), 1);
});

test('the clock is moved, and a reset brings it back', async (t) => {
  const emulator = await startEmulator(t);
  const page = await press(emulator.url, 'move_clock', { offsetSeconds: '600' });
  assert.match(page.body, /moved by 600 s/);
  assert.doesNotMatch((await press(emulator.url, 'reset')).body, /moved by/);
  await press(emulator.url, 'empty_mailbox');
});

test('a button on a page of another site does nothing', async (t) => {
  const emulator = await startEmulator(t);
  const browser = createBrowser(emulator.url);
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const answer = await browser.post('/_emulator/reset', {}, foreign);
  assert.equal(answer.status, 403);
});
