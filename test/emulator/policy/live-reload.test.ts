import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createEmulator, type Emulator } from '../../../dist/emulator/emulator.js';
import { emptyFolder } from '../../support/folder.js';
import { sharedKeys } from '../../support/signing-keys.js';
import { admin, authorizationUrl } from '../support.js';
import { visit } from '../visitor.js';
import { CLUB, JOIN } from './club.js';

const FAULTY = '<Unclosed>';

/** An emulator on a copy of the club's files, and what it says about their changes. */
async function startCopy(t: TestContext) {
  const folder = emptyFolder(t);
  cpSync(CLUB, folder, { recursive: true });
  const updates: string[] = [];
  const emulator = await createEmulator({
    keys: await sharedKeys(),
    customPolicies: {
      folder,
      onUpdate: ({ changed, kept, errors, problem = '' }) => {
        const rules = errors.map(({ rule }) => rule);
        updates.push(`changed ${changed} kept ${kept} errors ${[...new Set(rules)]}${problem}`);
      },
    },
  });
  t.after(() => emulator.close());
  const base = path.join(folder, 'base.xml');
  const edit = (from: string, to: string, file = base) =>
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  return { emulator, folder, updates, edit };
}

async function signInPage(emulator: Emulator): Promise<string> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, JOIN));
  return visitor.page.body;
}

/** Waits for a page with a text, at most the second in which a saved file has to be in effect. */
async function pageWith(emulator: Emulator, text: string): Promise<string> {
  const end = Date.now() + 2_000;
  for (;;) {
    const page = await signInPage(emulator);
    if (page.includes(text)) return page;
    if (Date.now() > end) assert.fail(`no page has the text ${text}: ${page}`);
    await wait(50);
  }
}

test('an edit is on the page, a faulty one is not, and a correction is again', async (t) => {
  const { emulator, updates, edit } = await startCopy(t);
  await pageWith(emulator, 'Welcome to the club');
  edit('Welcome to the club', 'Hello members');
  await pageWith(emulator, 'Hello members');
  edit('Hello members', `Never seen${FAULTY}`);
  const page = await pageWith(emulator, 'The last change is not in effect.');
  assert.match(page, /base\.xml:\d+:\d+:/);
  assert.match(page, /Hello members/);
  const dashboard = await fetch(`${emulator.url}/_emulator/`, { headers: { accept: 'text/html' } });
  assert.match(await dashboard.text(), /B2C_1A_Join[^<]*<\/strong>\s*run as before the error/);
  edit(`Never seen${FAULTY}`, 'Good again');
  assert.doesNotMatch(await pageWith(emulator, 'Good again'), /not in effect/);
  const all = 'B2C_1A_EditMember,B2C_1A_Join,B2C_1A_JoinWithPhone,B2C_1A_NewPassword';
  const sorted = updates.map((text) =>
    text.replace(/B2C_[\w,]+/g, (names) => names.split(',').sort().join()),
  );
  assert.deepEqual(sorted, [
    `changed ${all} kept  errors `,
    `changed ${all} kept  errors `,
    `changed  kept ${all} errors xml-not-well-formed,base-policy-missing`,
    `changed ${all} kept  errors `,
  ]);
});

test('a page from a LoadUri of the author shows the error of a faulty edit too', async (t) => {
  const { emulator, folder, edit } = await startCopy(t);
  writeFileSync(path.join(folder, 'own.html'), '<body id="own"><div id="api"></div></body>');
  edit('~/tenant/templates/AzureBlue/page.cshtml', 'own.html');
  assert.doesNotMatch(await pageWith(emulator, '<body id="own">'), /not in effect/);
  edit('Welcome to the club', `<script>${FAULTY}`);
  const page = await pageWith(emulator, 'The last change is not in effect.');
  assert.match(page, /<body id="own">[\s\S]*base\.xml:\d+:\d+:[\s\S]*<div id="api"/);
});

test('a policy that comes or goes is known without a restart', async (t) => {
  const { emulator, folder } = await startCopy(t);
  const file = path.join(folder, 'join.xml');
  const text = readFileSync(file, 'utf8');
  const names = async () => {
    const { body } = await admin(emulator, 'GET', '');
    return (body['policies'] as { name: string }[]).map(({ name }) => name);
  };
  writeFileSync(path.join(folder, 'second.xml'), text.replaceAll('B2C_1A_Join', 'B2C_1A_Second'));
  while (!(await names()).includes('B2C_1A_Second')) await wait(50);
  rmSync(path.join(folder, 'second.xml'));
  while ((await names()).includes('B2C_1A_Second')) await wait(50);
});

test('a journey that has begun keeps its policy', async (t) => {
  const { emulator, edit } = await startCopy(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, JOIN));
  edit('Welcome to the club', 'Hello members');
  await pageWith(emulator, 'Hello members');
  await visitor.press('next', { signInName: 'alice@example.com', password: 'wrong' });
  assert.match(visitor.page.body, /Welcome to the club/);
});

test('a faulty appsettings.json is reported once', async (t) => {
  const { emulator, folder, updates } = await startCopy(t);
  writeFileSync(path.join(folder, 'appsettings.json'), '{');
  while (updates.length < 2) await wait(50);
  await wait(900);
  assert.equal(updates.length, 2);
  assert.match(updates[1] ?? '', /appsettings\.json is not JSON/);
  await pageWith(emulator, 'Welcome to the club');
});
