// Reports words that the texts of this project avoid (scripts/language/patterns.js), in comments,
// strings that users see and test titles: "npm run language", "npm run language -- src/oidc" for some
// paths, "--hints" also for words that are worth a second look. Fails when it finds a refused word.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findingsIn, hintsIn } from './language/findings.js';

const root = path.join(import.meta.dirname, '..');
/** Documents are supported, but not checked until they are rewritten; name one to check it. */
const NOT_YET = /\.md$/;
/** Foreign or generated text, and the files that hold the refused words on purpose. */
const NEVER =
  /^(package-lock\.json|test\/clients\/package-lock\.json|LICENSE|scripts\/language\/patterns\.js|config\.schema\.json|docs\/emulator\.schema\.json|test\/scripts\/language\.test\.ts)$|^templates\/languages\/(?!en\.json)|\.(svg|png|ico)$|(^|\/)\.gitignore$/;

const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const find = process.argv.includes('--hints') ? hintsIn : findingsIn;

// Deleted files are still in the index; new ones are not there yet.
const listed = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...paths],
  { cwd: root, encoding: 'utf8' },
);
const files = [...new Set(listed.split('\0'))].filter(
  (file) =>
    file &&
    !NEVER.test(file) &&
    (!NOT_YET.test(file) || paths.includes(file)) &&
    existsSync(path.join(root, file)),
);

let count = 0;
for (const file of files) {
  for (const { line, words, advice } of find(file, readFileSync(path.join(root, file), 'utf8'))) {
    count += 1;
    console.log(`${file}:${line}: "${words}" → ${advice}`);
  }
}
console.log(`${count} in ${files.length} files`);
if (count > 0 && find === findingsIn) process.exitCode = 1;
