/** The buttons of the dashboard, in a browser without script. */
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

const activeFaults = (body: Json) => body['faults'] as { fault: string; times?: number }[];

test('buttons switch faults on and off', async (t) => {
  const emulator = await startEmulator(t);
  const fields = { fault: 'token_500', times: '2', policy: '' };
  const page = await press(emulator.url, 'add_fault', fields);
  assert.match(page.body, /<code>token_500<\/code> 2 more/);
  const { body } = await admin(emulator, 'GET', 'faults');
  assert.deepEqual(activeFaults(body), [{ fault: 'token_500', times: 2 }]);
  await press(emulator.url, 'remove_faults');
  assert.deepEqual(activeFaults((await admin(emulator, 'GET', 'faults')).body), []);
});

test('buttons rotate the keys, and keep or drop the old ones', async (t) => {
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

test('buttons move the clock and reset it', async (t) => {
  const emulator = await startEmulator(t);
  const page = await press(emulator.url, 'move_clock', { offsetSeconds: '600' });
  assert.match(page.body, /moved by 600 s/);
  assert.doesNotMatch((await press(emulator.url, 'reset')).body, /moved by/);
  await press(emulator.url, 'empty_mailbox');
});

test('a form post from another site gets 403', async (t) => {
  const emulator = await startEmulator(t);
  const browser = createBrowser(emulator.url);
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const answer = await browser.post('/_emulator/reset', {}, foreign);
  assert.equal(answer.status, 403);
});
