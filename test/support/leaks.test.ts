import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { startApp } from './app.js';
import { emptyFolder } from './folder.js';
import { watchWire } from './http-trace.js';
import { describeSearch, searchForLeaks } from './leaks.js';

const CODE = '0f9d2b1c-77aa-4c1e-9d55-3b1f0a8e6c24';
const COOKIE = 'q7Rk2xVb9TzLw4Ne8HsY.p0Gd5JfUa3McXi6Ov1Bt';
const SECRET = 'a secret: with + odd % characters';
const TOKEN = `eyJhbGciOiJub25lIn0.${'eyJzdWIiOiJhbGljZSJ9'}.`;

describe('what opens a door is found in the output', () => {
  const rows: [string, string][] = [
    ['whole', `{"msg":"sign_in_failed","detail":"the code ${CODE} is used"}`],
    ['cut short', `detail: ${CODE.slice(0, 30)}`],
    ['inside something longer', `xx${CODE}xx`],
    ['one part of a cookie', `session=${COOKIE.split('.')[0]}`],
    ['with odd characters', `{"detail":"${SECRET}"}`],
    ['form-encoded', `body: ${new URLSearchParams({ client_secret: SECRET })}`],
    ['in colour', `not ok \u001b[31m${CODE}\u001b[39m`],
    ['a token that no test has seen', `{"detail":"${TOKEN}"}`],
    ['a password outside the list of accounts', '{"detail":"Pass@word1"}'],
  ];
  for (const [name, line] of rows) {
    test(name, (t) => {
      const { leaks } = searchForLeaks(folderWith(emptyFolder(t), line));
      assert.equal(leaks.length, 1);
      assert.doesNotMatch(leaks[0]?.line ?? '', /0f9d2b1c|q7Rk2xVb|odd|eyJ|Pass/);
    });
  }
});

describe('what opens no door is not', () => {
  const rows: [string, string][] = [
    ['another value', '{"correlationId":"0f9d2b1c-77ab-4c1e-9d55-3b1f0a8e6c24"}'],
    ['a word that a test makes up', '{"detail":"forged"}'],
    ['the accounts that the demo names', '    alice@example.com    password  Pass@word1'],
    ['the same in a terminal', '    alice@example.com    password  Pass@word1\r'],
    ['characters that are no encoding', '{"detail":"100% of %zz"}'],
  ];
  for (const [name, line] of rows) {
    test(name, (t) => {
      const search = searchForLeaks(folderWith(emptyFolder(t), line));
      assert.deepEqual(search.leaks, []);
      assert.match(describeSearch(search), /^Searched for \d+ secret values in \d+ bytes .*: none/);
    });
  }
});

function folderWith(folder: string, line: string): string {
  const values = { code: CODE, cookie: COOKIE, client_secret: SECRET, password: 'Pass@word1' };
  const notes = [...Object.entries(values), ['state', 'forged']];
  const text = notes.map((note) => JSON.stringify([...note, 'a.test.js'])).join('\n');
  writeFileSync(path.join(folder, 'notes-1.txt'), text);
  writeFileSync(path.join(folder, 'output-1.txt'), `{"msg":"listening"}\n${line}\n`);
  return folder;
}

test('a sign-in, an edit and a sign-out leave a note of everything that opens a door', async (t) => {
  const noted = new Map<string, string>();
  watchWire((kind, value) => noted.set(value, kind));
  const app = await startApp(t);
  const browser = await app.signedIn();
  const [[, session = ''] = []] = [...browser.cookies];
  assert.equal(noted.get(session), 'cookie');
  const page = await browser.post('/auth/sign_out');
  const hint = /id_token_hint=([\w.-]+)/.exec(page.body)?.[1] ?? '';
  assert.equal(noted.get(hint), 'id_token');
  assert.equal(noted.get(app.emulator.applications[0]?.secrets[0] ?? ''), 'client_secret');
  const kinds = new Set(noted.values());
  for (const kind of ['code', 'state', 'nonce', 'code_verifier', 'access_token', 'refresh_token']) {
    assert.ok(kinds.has(kind), kind);
  }
});

test('a log line of a test that holds a cookie of that test fails the run', (t) => {
  const folder = emptyFolder(t);
  const support = new URL('.', import.meta.url);
  const script = `
    import { recordLog } from '${new URL('log.js', support)}';
    import { note } from '${new URL('leak-notes.js', support)}';
    note('cookie', '${COOKIE}');
    recordLog().debug('request_failed', { detail: 'the session ${COOKIE} is over' });`;
  const env = { ...process.env, TEST_NOTES_FOLDER: folder };
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env });
  const search = searchForLeaks(folder);
  assert.equal(search.leaks.length, 1);
  assert.match(describeSearch(search), /\n {2}cookie \(noted in .*request_failed.*\[…\] is over/);
});
