/** Runs the starter packs and prints a table. Ends with code 1 after a failure, with 2 without packs. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from '../support/chromium-path.js';
import { type Row, runPack } from './pack.js';

const PACKS = [
  ...['LocalAccounts', 'SocialAccounts', 'SocialAndLocalAccounts'],
  'SocialAndLocalAccountsWithMfa',
];
const VARIANTS = ['', 'Display Controls Starterpack'];

const print = (text: string) => process.stdout.write(`${text}\n`);
const [folder = '', word = ''] = process.argv.slice(2);
const packs = VARIANTS.flatMap((variant) => PACKS.map((pack) => path.join(variant, pack))).filter(
  (pack) => existsSync(path.join(folder, pack)) && pack.includes(word),
);
const executablePath = chromiumPath();
if (folder === '' || packs.length === 0 || !executablePath) {
  print(
    executablePath
      ? 'Usage: npm run packs -- FOLDER [WORD]   (a checkout of active-directory-b2c-custom-policy-starterpack)'
      : 'Chromium is not installed (set CHROMIUM to its path)',
  );
  process.exit(2);
}

const started = Date.now();
const copy = mkdtempSync(path.join(tmpdir(), 'b2c-signin-packs-'));
const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
const rows: Row[] = [];
try {
  for (const pack of packs) {
    const own = path.join(copy, pack);
    cpSync(path.join(folder, pack), own, { recursive: true });
    for await (const row of runPack(own, browser)) {
      rows.push({ ...row, pack });
      print(format({ ...row, pack }));
    }
  }
} finally {
  await browser.close();
  rmSync(copy, { recursive: true, force: true });
}
const failed = rows.filter(({ error }) => error !== undefined);
const seconds = ((Date.now() - started) / 1000).toFixed(0);
print(`\n${rows.length - failed.length} of ${rows.length} passed in ${seconds} s`);
process.exitCode = failed.length > 0 || rows.length === 0 ? 1 : 0;

function format({ pack = '', policy, what, milliseconds, error }: Row): string {
  const result = error === undefined ? 'passed' : 'FAILED';
  const columns = [pack.padEnd(58), policy.padEnd(22), what.padEnd(44), result];
  const line = `${columns.join(' ')} ${String(milliseconds).padStart(6)} ms`;
  return error === undefined ? line : `${line}\n    ${error.replaceAll('\n', '\n    ')}`;
}
