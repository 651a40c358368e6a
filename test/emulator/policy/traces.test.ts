import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../../dist/emulator/emulator.js';
import { ALICE, admin, authorizationUrl, type Json, PASSWORD } from '../support.js';
import { visit } from '../visitor.js';
import { JOIN, startClub } from './club.js';

type Steps = { order: number; type: string; skipped?: string; profiles: Json[]; changes: Json[] }[];

async function signIn(emulator: Emulator, password: string): Promise<void> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, JOIN));
  await visitor.press('next', { signInName: ALICE, password });
}

async function lastTrace(emulator: Emulator): Promise<Json> {
  const { body } = await admin(emulator, 'GET', 'traces');
  const [newest] = body['traces'] as { id: string }[];
  return (await admin(emulator, 'GET', `traces/${newest?.id}`)).body;
}

const page = async (emulator: Emulator, path: string): Promise<string> =>
  (await fetch(`${emulator.url}/_emulator/${path}`, { headers: { accept: 'text/html' } })).text();

test('a trace has every step, what changed, and the token', async (t) => {
  const emulator = await startClub(t);
  await signIn(emulator, PASSWORD);
  const trace = await lastTrace(emulator);
  assert.equal(trace['outcome'], 'token');
  assert.equal((trace['claims'] as Json)['source'], 'local');
  const steps = trace['steps'] as Steps;
  assert.deepEqual(
    steps.map(({ order, type, skipped = 'ran' }) => `${order} ${type} ${skipped}`),
    [
      '1 CombinedSignInAndSignUp ran',
      '2 ClaimsExchange precondition',
      '3 InvokeSubJourney precondition',
      '4 ClaimsExchange precondition',
      '5 ClaimsExchange precondition',
      '6 ClaimsExchange ran',
      '7 SendClaims ran',
    ],
  );
  const [first] = steps;
  assert.deepEqual(first?.changes.map(({ claim }) => claim).sort(), [
    ...['objectId', 'signInName', 'source'],
  ]);
  const [profile] = first?.profiles ?? [];
  assert.equal(profile?.['id'], 'Form-SignIn');
  assert.match(String(profile?.['file']), /base\.xml$/);
});

test('a trace has no password, and says what was refused', async (t) => {
  const emulator = await startClub(t);
  await signIn(emulator, 'not-the-password');
  const trace = await lastTrace(emulator);
  assert.equal(trace['outcome'], 'page');
  const text = JSON.stringify(trace);
  assert.doesNotMatch(text, /not-the-password/);
  assert.match(text, /UserMessageIfInvalidPassword/);
});

test('the page of a trace can be searched without script', async (t) => {
  const emulator = await startClub(t);
  await signIn(emulator, PASSWORD);
  const { id } = await lastTrace(emulator);
  const list = await page(emulator, 'traces');
  assert.match(list, new RegExp(`href="/_emulator/traces/${id}"`));
  const whole = await page(emulator, `traces/${id}`);
  assert.equal(whole.match(/<span class="order">/g)?.length, 7);
  assert.match(whole, /ClaimsExist objectId<\/code>: the claim has .*so the step is skipped/);
  const found = await page(emulator, `traces/${id}?q=directory-read`);
  assert.match(found, /1 of 7 steps/);
  const { status } = await admin(emulator, 'GET', 'traces/unknown');
  assert.equal(status, 404);
});

test('a hundred journeys are kept, and a reset forgets them', async (t) => {
  const emulator = await startClub(t);
  for (let count = 0; count < 101; count += 1)
    await visit(emulator).open(authorizationUrl(emulator, JOIN));
  const { body } = await admin(emulator, 'GET', 'traces');
  assert.equal((body['traces'] as Json[]).length, 100);
  await admin(emulator, 'POST', 'reset');
  const after = await admin(emulator, 'GET', 'traces');
  assert.deepEqual(after.body['traces'], []);
});
