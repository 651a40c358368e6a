import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { LANGUAGES } from '../../../dist/emulator/pages/languages.js';

const FOLDERS = ['src/emulator/policy/transformations', 'src/emulator/policy/handlers'];
/** Texts that come from outside, or that only an application sees. */
const WITHOUT_PAGE = ['RestApiUserMessage', 'IdTokenHint'];

test('every message of transformations and handlers has a built-in text', () => {
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8')),
  ).join('\n');
  const literals = sources.matchAll(
    /'((?:Default)?UserMessageIf\w+)'|new ClaimsError\(\s*'(\w+)'/g,
  );
  const ids = new Set([...literals].map(([, message, id]) => message ?? id ?? ''));
  assert.ok(ids.size > 20);
  const [english] = LANGUAGES;
  const missing = [...ids].filter((id) => !WITHOUT_PAGE.includes(id) && !english?.texts[id]);
  assert.deepEqual(missing, []);
});
