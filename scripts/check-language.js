// Reports words that the texts of this project avoid (scripts/language/patterns.js), in comments,
// strings that users see, test titles and documents: "npm run language", "npm run language -- src/oidc"
// for some paths, "--hints" also for words that are worth a second look. Prints sentence and paragraph
// lengths of the documents. Fails when it finds a refused word, or a document above the bounds.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findingsIn, hintsIn } from './language/findings.js';
import { FINISHED } from './language/finished.js';
import { excessesOf, MOST, measuresOf } from './language/measures.js';

const root = path.join(import.meta.dirname, '..');
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
  (file) => file && !NEVER.test(file) && existsSync(path.join(root, file)),
);
const isDocument = (file) => file.endsWith('.md');
const isChecked = (file) => !isDocument(file) || FINISHED.includes(file) || paths.includes(file);

const findings = [];
for (const file of files) {
  const content = readFileSync(path.join(root, file), 'utf8');
  const found = isChecked(file) ? find(file, content) : [];
  if (isDocument(file)) {
    const measures = measuresOf(file, content);
    printMeasures(file, measures);
    if (isChecked(file)) found.push(...excessesOf(measures));
  }
  findings.push(...found.map((finding) => ({ file, ...finding })));
}
for (const { file, line, words, advice } of findings) {
  console.log(`${file}:${line}: "${words}" → ${advice}`);
}
console.log(`${findings.length} in ${files.filter(isChecked).length} files`);
if (findings.length > 0 && find === findingsIn) process.exitCode = 1;

function printMeasures(file, { average, sentence, paragraph }) {
  const figures = [
    `${average.toFixed(1).padStart(4)} words per sentence (${MOST.average})`,
    `longest ${sentence.size} (${MOST.sentence})`,
    `longest paragraph ${paragraph.size} lines (${MOST.paragraph})`,
  ];
  console.log(`${figures.join(', ')}  ${file}${isChecked(file) ? '' : ', not checked'}`);
}
