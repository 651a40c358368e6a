/** The pages of the dashboard, in a browser without script. */
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { FAULT_EFFECTS } from '../../dist/emulator/admin/fault-effects.js';
import { FAULT_NAMES } from '../../dist/emulator/endpoints/faults.js';
import { createBrowser } from '../support/browser.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  type Json,
  REDIRECT_URI,
  requestToken,
  startEmulator,
  tokensOf,
} from './support.js';

/** Presses a button of a page, with its hidden fields. Returns the page after it. */
async function press(
  url: string,
  { path, id, fields = {} }: { path: string; id: string; fields?: Record<string, string> },
) {
  const browser = createBrowser(url);
  const { body: html } = await browser.get(`/_emulator/${path}`);
  const form = html.split('<form ').find((part) => part.includes(` id="${id}"`)) ?? '';
  const [button = ''] = new RegExp(`<button[^>]* id="${id}"[^>]*>`).exec(form) ?? [];
  assert.notEqual(button, '', `${path} has no button ${id}`);
  const attribute = (tag: string, name: string) =>
    new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  const hidden = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  const values = Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]));
  const name = attribute(button, 'name');
  if (name) values[name] = attribute(button, 'value');
  const action = attribute(button, 'formaction') || attribute(form, 'action');
  const answer = await browser.post(action, { ...values, ...fields });
  assert.equal(answer.status, 303, answer.body);
  const { body } = await browser.get(answer.location);
  return { location: answer.location, body };
}

const activeFaults = (body: Json) => body['faults'] as { fault: string; times?: number }[];

test('one click switches a fault on or off', async (t) => {
  const emulator = await startEmulator(t);
  const faults = async () => activeFaults((await admin(emulator, 'GET', 'faults')).body);
  const fields = { times: '2', policy: '' };
  const page = await press(emulator.url, { path: 'faults', id: 'token_500', fields });
  assert.equal(page.location, '/_emulator/faults');
  assert.match(page.body, /on for 2 more/);
  assert.deepEqual(await faults(), [{ fault: 'token_500', times: 2 }]);
  await press(emulator.url, { path: 'faults', id: 'expired' });
  await press(emulator.url, { path: 'faults', id: 'token_500' });
  assert.deepEqual(await faults(), [{ fault: 'expired' }]);
  await press(emulator.url, { path: 'faults', id: 'remove_faults' });
  assert.deepEqual(await faults(), []);
});

test('the page of faults says what each one does', async (t) => {
  const { body } = await createBrowser((await startEmulator(t)).url).get('/_emulator/faults');
  assert.deepEqual(Object.keys(FAULT_EFFECTS).sort(), [...FAULT_NAMES]);
  for (const name of FAULT_NAMES) assert.ok(body.includes(`>${name}</code>`), name);
});

test('buttons rotate the keys, and keep or drop the old ones', async (t) => {
  const emulator = await startEmulator(t);
  const count = async () => {
    const answer = await fetch(`${emulator.authority}/B2C_1_susi/discovery/v2.0/keys`);
    return ((await answer.json()) as { keys: unknown[] }).keys.length;
  };
  const page = await press(emulator.url, { path: 'tenant', id: 'rotate' });
  assert.match(page.body, /role="status">New keys sign from now on/);
  assert.equal(await count(), 2);
  await press(emulator.url, { path: 'tenant', id: 'rotate_and_drop' });
  assert.equal(await count(), 1);
});

test('buttons move the clock and reset it', async (t) => {
  const { url } = await startEmulator(t);
  const fields = { offsetSeconds: '600' };
  const page = await press(url, { path: 'tenant', id: 'move_clock', fields });
  assert.match(page.body, /moved by 600 s/);
  assert.doesNotMatch((await press(url, { path: 'tenant', id: 'reset' })).body, /moved by/);
  await press(url, { path: 'mailbox', id: 'empty_mailbox' });
});

test('each destructive button is behind a question', async (t) => {
  const emulator = await startEmulator(t);
  const browser = createBrowser(emulator.url);
  const { body } = await admin(emulator, 'GET', 'accounts');
  const [{ oid = '' } = {}] = body['accounts'] as { oid: string }[];
  const destructive = {
    mailbox: ['empty_mailbox'],
    tenant: ['rotate_and_drop', 'reset'],
    [`accounts/${oid}`]: ['delete'],
  };
  for (const [path, ids] of Object.entries(destructive)) {
    const { body: html } = await browser.get(`/_emulator/${path}`);
    const questions = html.split('<details class="confirm"').slice(1);
    const behind = questions.map(
      (part) => / id="(\w+)"/.exec(part.split('</details>')[0] ?? '')?.[1],
    );
    assert.deepEqual(behind, ids, path);
  }
});

test('a user can be added, changed and deleted', async (t) => {
  const emulator = await startEmulator(t);
  const users = async () => {
    const { body } = await admin(emulator, 'GET', 'accounts');
    return body['accounts'] as (Json & { oid: string; email: string })[];
  };
  const added = { email: 'erin@example.com', displayName: 'true', claims: '{"city":"Palma"}' };
  const page = await press(emulator.url, { path: 'accounts', id: 'create', fields: added });
  assert.match(page.body, /The user was added.*erin@example\.com/s);
  const erin = (await users()).find(({ email }) => email === 'erin@example.com');
  assert.deepEqual([erin?.['displayName'], erin?.['claims']], ['true', { city: 'Palma' }]);
  const path = `accounts/${erin?.oid}`;
  const fields = {
    email: 'erin@example.com',
    displayName: '',
    disabled: 'true',
    claims: '{"a":1}',
  };
  await press(emulator.url, { path, id: 'save', fields });
  const saved = (await users()).find(({ oid }) => oid === erin?.oid);
  assert.ok(!('displayName' in (saved ?? {})));
  assert.deepEqual([saved?.['disabled'], saved?.['claims']], [true, { a: 1 }]);
  await press(emulator.url, { path, id: 'delete' });
  assert.ok(!(await users()).some(({ oid }) => oid === erin?.oid));
});

test('saving a user without a new password keeps the refresh tokens', async (t) => {
  const emulator = await startEmulator(t);
  const { refresh_token: refreshToken } = await tokensOf(emulator);
  const { body } = await admin(emulator, 'GET', 'accounts');
  const alice = (body['accounts'] as Json[]).find(({ email }) => email === ALICE);
  const redeem = () =>
    requestToken(emulator, 'B2C_1_susi', {
      grant_type: 'refresh_token',
      refresh_token: String(refreshToken),
    });
  const save = (password: string) =>
    press(emulator.url, {
      path: `accounts/${alice?.['oid']}`,
      id: 'save',
      fields: { email: ALICE, password },
    });
  await save(String(alice?.['password']));
  assert.equal((await redeem()).status, 200);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 5 });
  await save('An0ther@password');
  assert.equal((await redeem()).status, 400);
});

const refusedForms: Record<string, [path: string, fields: Record<string, string>, status: number]> =
  {
    'an email address that is taken': ['accounts', { email: ALICE }, 409],
    'claims that are not JSON': ['accounts', { email: 'a@example.com', claims: '{' }, 400],
    'a policy that does not exist': ['run', { policy: 'B2C_1_no' }, 400],
    'an application that does not exist': ['run', { policy: 'B2C_1_susi', application: 'no' }, 400],
  };
for (const [what, [path, fields, status]] of Object.entries(refusedForms)) {
  test(`a form with ${what} gets ${status} and a page that explains it`, async (t) => {
    const { url } = await startEmulator(t);
    const answer = await createBrowser(url).post(`/_emulator/${path}`, fields);
    assert.equal(answer.status, status);
    assert.match(answer.body, /class="notice bad">[^<]+/);
  });
}

const FORMS = ['reset', 'clock', 'faults', 'keys/rotate', 'accounts', 'mailbox', 'run'];
for (const [what, headers] of Object.entries({
  'another site': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  'another port of this computer': {
    origin: 'http://localhost:3000',
    'sec-fetch-site': 'same-site',
  },
  'a page without origin': { origin: 'null', 'sec-fetch-site': 'cross-site' },
})) {
  test(`a form post from ${what} gets 403`, async (t) => {
    const emulator = await startEmulator(t);
    const browser = createBrowser(emulator.url);
    const fields = { policy: 'B2C_1_susi', email: 'eve@example.com', offsetSeconds: '60' };
    for (const path of FORMS) {
      const answer = await browser.post(`/_emulator/${path}`, fields, headers);
      assert.equal(answer.status, 403, path);
    }
    assert.equal((await admin(emulator, 'GET', 'clock')).body['offsetSeconds'], 0);
  });
}

const PAGES = ['', 'mailbox', 'accounts', 'policies', 'requests', 'traces', 'faults', 'tenant'];

test('pages allow no inline script or style, and no other origin', async (t) => {
  const browser = createBrowser((await startEmulator(t)).url);
  for (const path of PAGES) {
    const { status, headers, body } = await browser.get(`/_emulator/${path}`);
    assert.equal(status, 200, path);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.doesNotMatch(policy, /unsafe|nonce/);
    assert.doesNotMatch(
      body,
      /<script(?! src="\/_emulator\/assets\/)|<style| style=| on\w+="/,
      path,
    );
    assert.match(body, /Local emulator/);
  }
});

test('requests are shown with parameters and response, without secrets', async (t) => {
  const emulator = await startEmulator(t);
  const url = authorizationUrl(emulator, 'B2C_1_susi', {
    prompt: 'none',
    id_token_hint: 'secret-hint',
  });
  await fetch(url, { redirect: 'manual' });
  const tokens = await tokensOf(emulator);
  await requestToken(emulator, 'B2C_1_susi', {
    grant_type: 'refresh_token',
    refresh_token: String(tokens['refresh_token']),
  });
  const { body: html } = await createBrowser(emulator.url).get('/_emulator/requests');
  assert.match(html, /AADB2C90077/);
  assert.match(html, new RegExp(`Redirect to <code>${REDIRECT_URI}</code>`));
  assert.match(html, /href="\/_emulator\/traces\/[0-9a-f-]+"/);
  for (const name of ['id_token_hint', 'client_secret', 'refresh_token', 'id_token', 'code']) {
    assert.match(html, new RegExp(`>${name}</th><td>…<`), name);
  }
  assert.doesNotMatch(html, /secret-hint|emulator-secret/);
  for (const token of ['id_token', 'refresh_token']) {
    assert.ok(!html.includes(String(tokens[token])), token);
  }
});

test('a page of the dashboard that does not exist gets 404', async (t) => {
  const browser = createBrowser((await startEmulator(t)).url);
  for (const path of [
    'traces/none',
    'runs/none',
    'accounts/none',
    'run/result?state=none&code=1',
  ]) {
    const { status, body } = await browser.get(`/_emulator/${path}`);
    assert.equal(status, 404, path);
    assert.match(body, /<h1>This did not work/);
  }
});

test('at most 20 pages receive events, and closing the emulator ends them', async (t) => {
  const emulator = await startEmulator(t, { port: 0 });
  const open = () =>
    new Promise<{ status: number | undefined; type: string | undefined; ended: Promise<void> }>(
      (resolve, reject) => {
        get(`${emulator.url}/_emulator/events`, (response) => {
          const { statusCode: status, headers } = response;
          const ended = new Promise<void>((end) => response.resume().once('end', end));
          resolve({ status, type: headers['content-type'], ended });
        }).once('error', reject);
      },
    );
  const streams = await Promise.all(Array.from({ length: 20 }, open));
  for (const { status, type } of streams) {
    assert.deepEqual([status, type], [200, 'text/event-stream; charset=utf-8']);
  }
  assert.equal((await open()).status, 503);
  const started = Date.now();
  await Promise.all([emulator.close(), ...streams.map(({ ended }) => ended)]);
  assert.ok(Date.now() - started < 2_000);
});

test('another site cannot receive events', async (t) => {
  const { url } = await startEmulator(t);
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' };
  assert.equal((await createBrowser(url).get('/_emulator/events', headers)).status, 403);
});
