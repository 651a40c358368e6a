import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import {
  ALICE,
  admin,
  authorizationUrl,
  claimsOf,
  codeOf,
  errorOf,
  type Json,
  partOf,
  signIn,
  startEmulator,
  tokensOf,
} from './support.js';
import { visit } from './visitor.js';

test('a scripted sign-in can succeed, be canceled, or return an error', async (t) => {
  const emulator = await startEmulator(t);
  const cancelled = await signIn(emulator, 'B2C_1_susi', { cancel: true });
  assert.equal(errorOf(cancelled.searchParams), 'access_denied AADB2C90091');
  const refused = await signIn(emulator, 'B2C_1_susi', { error: 'AADB2C90273' });
  assert.equal(errorOf(refused.searchParams), 'access_denied AADB2C90273');
  const unknown = await signIn(emulator, 'B2C_1_susi', { error: 'AADB2C91234' });
  assert.equal(errorOf(unknown.searchParams), 'server_error AADB2C91234');
  const forgotten = await signIn(emulator, 'B2C_1_susi', { forgotPassword: true });
  assert.equal(errorOf(forgotten.searchParams), 'access_denied AADB2C90118');
  const { id_token: idToken } = await tokensOf(emulator, 'B2C_1_susi', {
    as: 'dave@example.com',
    newUser: true,
    claims: { extension_Tier: 'gold' },
  });
  const claims = claimsOf(idToken);
  assert.deepEqual([claims['newUser'], claims['extension_Tier']], [true, 'gold']);
});

test('an invalid scripted sign-in returns an error that explains it', async (t) => {
  const emulator = await startEmulator(t);
  const url = authorizationUrl(emulator);
  const unknown = await admin(emulator, 'POST', 'authorize', { url, as: 'nobody@example.com' });
  assert.equal(unknown.status, 404);
  assert.match(String(unknown.body['error']), /alice@example.com/);
  const elsewhere = await admin(emulator, 'POST', 'authorize', { url: 'https://b.example/' });
  assert.equal(elsewhere.status, 400);
  const other = authorizationUrl(emulator, 'B2C_1_susi', { client_id: 'nobody' });
  const refused = await admin(emulator, 'POST', 'authorize', { url: other, as: ALICE });
  assert.match(String(refused.body['error_description']), /^AADB2C90018/);
});

test('accounts can be created, changed and deleted', async (t) => {
  const emulator = await startEmulator(t);
  const made = await admin(emulator, 'POST', 'accounts', { email: 'erin@example.com' });
  const path = `accounts/${made.body['oid']}`;
  await admin(emulator, 'PATCH', path, { displayName: 'Erin', claims: { city: 'Palma' } });
  const { body } = await admin(emulator, 'GET', path);
  assert.equal(body['displayName'], 'Erin');
  assert.deepEqual(body['claims'], { city: 'Palma' });
  await admin(emulator, 'DELETE', path);
  assert.equal((await admin(emulator, 'GET', path)).status, 404);
});

test('new keys sign immediately, and the old key stays published with keepOld', async (t) => {
  const emulator = await startEmulator(t);
  const kid = async () => partOf((await tokensOf(emulator))['id_token'], 0)['kid'];
  const published = async () => {
    const answer = await fetch(`${emulator.authority}/B2C_1_susi/discovery/v2.0/keys`);
    return ((await answer.json()) as { keys: { kid: string }[] }).keys.map((key) => key.kid);
  };
  const first = await kid();
  await admin(emulator, 'POST', 'keys/rotate', { keepOld: true });
  assert.deepEqual(await published(), [await kid(), first]);
  await admin(emulator, 'POST', 'keys/rotate', { keepOld: false });
  assert.deepEqual(await published(), [await kid()]);
});

test('the request log contains endpoint, policy and masked parameters', async (t) => {
  const emulator = await startEmulator(t);
  await tokensOf(emulator);
  const { body } = await admin(emulator, 'GET', 'requests');
  assert.deepEqual(body['counts'], { token: 1 });
  const [newest] = body['requests'] as { endpoint: string; policy: string; parameters: Json }[];
  assert.equal(newest?.endpoint, 'token');
  assert.equal(newest?.policy, 'B2C_1_susi');
  assert.equal(newest?.parameters['client_secret'], '…');
});

test('a reset restores the initial state', async (t) => {
  const emulator = await startEmulator(t);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 60 });
  await admin(emulator, 'POST', 'faults', { fault: 'token_500' });
  await admin(emulator, 'DELETE', 'accounts/f0b6e55f-0000-4000-8000-00000000e001');
  await admin(emulator, 'POST', 'reset');
  assert.equal((await admin(emulator, 'GET', 'clock')).body['offsetSeconds'], 0);
  assert.ok(codeOf(await signIn(emulator)));
});

test('the dashboard shows accounts with their passwords', async (t) => {
  const emulator = await startEmulator(t);
  const answer = await fetch(`${emulator.url}/`, { headers: { accept: 'text/html' } });
  const html = await answer.text();
  assert.match(html, /alice@example\.com<\/a><\/span> <span data-copy><code>Pass@word1/);
  assert.match(html, /Local emulator/);
});

const foreign = {
  'another Host header': { host: 'evil.example' },
  'a page of another origin': { origin: 'https://evil.example' },
  'a script of another site': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
};
for (const [what, headers] of Object.entries(foreign)) {
  test(`a request with ${what} gets 403 from /_emulator/`, async (t) => {
    const { url } = await startEmulator(t);
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${url}/_emulator/accounts`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', reject).end();
    });
    assert.equal(status, 403);
  });
}

test('listening on another address than loopback is rejected without allowOtherHosts', async (t) => {
  await assert.rejects(startEmulator(t, { host: '0.0.0.0' }), {
    message: /is reachable from other computers/,
  });
});

const mistakes: Record<string, [method: string, path: string, body: unknown, status: number]> = {
  'an unknown call': ['GET', 'nothing', undefined, 404],
  'a method that the call does not accept': ['DELETE', 'clock', undefined, 405],
  'a body that is not JSON': ['POST', 'clock', '{', 400],
  'a body that is not an object': ['POST', 'clock', '[]', 400],
  'a clock without a number': ['POST', 'clock', { offsetSeconds: 'ten' }, 400],
  'a clock beyond the range of dates': ['POST', 'clock', { offsetSeconds: 1e300 }, 400],
  'a clock more than a hundred years back': [
    'POST',
    'clock',
    { offsetSeconds: -100 * 365 * 86_400 - 1 },
    400,
  ],
  'a fault for an unknown policy': [
    'POST',
    'faults',
    { fault: 'expired', policy: 'B2C_1_no' },
    400,
  ],
  'a fault with times 0': ['POST', 'faults', { fault: 'expired', times: 0 }, 400],
  'an account without an email address': ['POST', 'accounts', {}, 400],
  'an account with an unknown member': [
    'POST',
    'accounts',
    { email: 'eve@example.com', lockedUntil: 1 },
    400,
  ],
  'an account that already exists': ['POST', 'accounts', { email: 'Alice@example.com' }, 409],
  'a hint for a policy without idTokenHint': [
    'POST',
    'id-token-hint',
    { policy: 'B2C_1_susi' },
    400,
  ],
};
for (const [what, [method, path, body, status]] of Object.entries(mistakes)) {
  test(`${what} gets ${status} and an error message`, async (t) => {
    const { url } = await startEmulator(t);
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`${url}/_emulator/${path}`, {
      method,
      ...(body === undefined ? {} : { body: sent }),
    });
    assert.equal(answer.status, status);
    assert.match(String(((await answer.json()) as Json)['error']), /\w+ \w+/);
  });
}

test('null removes a claim or a property', async (t) => {
  const accounts = [{ email: 'erin@example.com', givenName: 'Erin', claims: { city: 'Palma' } }];
  const emulator = await startEmulator(t, { accounts });
  const { body } = await admin(emulator, 'GET', 'accounts');
  const [erin] = body['accounts'] as { oid: string }[];
  const change = { givenName: null, claims: { city: null, tier: 'gold' }, userName: 'erin' };
  const changed = await admin(emulator, 'PATCH', `accounts/${erin?.oid}`, change);
  assert.ok(!('givenName' in changed.body));
  assert.deepEqual(changed.body['claims'], { tier: 'gold' });
  assert.equal(changed.body['userName'], 'erin');
});

test('the mailbox can be read and emptied, and has a page', async (t) => {
  const policies = [{ name: 'B2C_1_reset', kind: 'resetPassword' as const }];
  const emulator = await startEmulator(t, { policies, verificationCode: '111111' });
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_reset'));
  await visitor.press('emailVerificationControl_but_send_code', { email: ALICE });
  const page = await fetch(`${emulator.url}/_emulator/mailbox?email=${ALICE}`, {
    headers: { accept: 'text/html' },
  });
  assert.match(await page.text(), /<code class="mailed">111111<\/code>/);
  await admin(emulator, 'DELETE', 'mailbox');
  assert.deepEqual((await admin(emulator, 'GET', 'mailbox')).body['messages'], []);
});

test('GET /_emulator/schema returns the schema of the configuration file', async (t) => {
  const { body } = await admin(await startEmulator(t), 'GET', 'schema');
  assert.ok('policies' in (body['properties'] as Json));
});

test('a JSON body is accepted with the form content type that `curl -d` sends', async (t) => {
  const { url } = await startEmulator(t);
  const send = async (method: string, call: string, body: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${url}/_emulator/${call}`, {
      method,
      headers,
      body,
      redirect: 'manual',
    });
    return { status: answer.status, body: (await answer.json()) as Json };
  };
  const clock = await send('POST', 'clock', '{"offsetSeconds": 600}');
  assert.deepEqual([clock.status, clock.body['offsetSeconds']], [200, 600]);
  const created = await send('POST', 'accounts', '{"email": "zoe@example.com"}');
  const changed = await send('PATCH', `accounts/${created.body['oid']}`, '{"displayName": "Zoe"}');
  assert.deepEqual([changed.status, changed.body['displayName']], [200, 'Zoe']);
  assert.equal((await send('POST', 'keys/rotate', '{"keepOld": false}')).status, 200);
});

test('a scripted sign-in with a disabled account gets 403', async (t) => {
  const emulator = await startEmulator(t);
  const found = await admin(emulator, 'GET', 'accounts');
  const [{ oid = '', email = '' } = {}] = found.body['accounts'] as {
    oid: string;
    email: string;
  }[];
  await admin(emulator, 'PATCH', `accounts/${oid}`, { disabled: true });
  const refused = await admin(emulator, 'POST', 'authorize', {
    url: authorizationUrl(emulator),
    as: email,
  });
  assert.equal(refused.status, 403);
});
