// Compares the titles of tests, suites and table rows in two revisions: "npm run titles -- REV1 REV2".
// Prints, for each file, the titles that are reworded, gone and new; titles that moved to another file
// are listed once. A reworded title is a guess from its position and its words.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { alignTitles, titlesIn } from './titles.js';

const [before, after = 'HEAD'] = process.argv.slice(2);
if (!before) {
  console.error('Usage: npm run titles -- REV1 [REV2]');
  process.exit(1);
}
const root = path.join(import.meta.dirname, '..');
const git = (...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });

const filesOf = (revision) =>
  git('ls-tree', '-r', '--name-only', revision, '--', 'test')
    .split('\n')
    .filter((file) => file.endsWith('.ts'));
const titlesOf = (revision, file) => titlesIn(git('show', `${revision}:${file}`));

/** Old name → new name. */
const renames = new Map(
  git('diff', '--name-status', '-M40%', '--diff-filter=R', before, after, '--', 'test')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t').slice(1)),
);
const oldNames = new Map([...renames].map(([from, to]) => [to, from]));
const oldFiles = filesOf(before);
const newFiles = filesOf(after);

const pairs = [
  ...oldFiles.map((file) => {
    const name = renames.get(file) ?? file;
    return [file, newFiles.includes(name) ? name : undefined];
  }),
  ...newFiles
    .filter((file) => !oldNames.has(file) && !oldFiles.includes(file))
    .map((file) => [undefined, file]),
];
const files = pairs.map(([from, to]) => ({
  name: from && to && from !== to ? `${from} → ${to}` : (to ?? `${from} (deleted)`),
  ...alignTitles(from ? titlesOf(before, from) : [], to ? titlesOf(after, to) : []),
}));

const moved = takeMoved(files);
let total = { unchanged: 0, reworded: 0, gone: 0, added: 0 };
for (const { name, unchanged, reworded, gone, added } of files) {
  total = {
    unchanged: total.unchanged + unchanged,
    reworded: total.reworded + reworded.length,
    gone: total.gone + gone.length,
    added: total.added + added.length,
  };
  if (reworded.length + gone.length + added.length === 0) continue;
  console.log(`\n${name} (${unchanged} unchanged)`);
  for (const [from, to] of reworded) console.log(`  reworded  ${from}\n         →  ${to}`);
  for (const title of gone) console.log(`  gone      ${title}`);
  for (const title of added) console.log(`  new       ${title}`);
}
if (moved.length > 0) console.log('\nMoved to another file:');
for (const { title, from, to } of moved) console.log(`  ${title}\n    ${from} → ${to}`);
const { unchanged, reworded, gone, added } = total;
console.log(
  `\n${unchanged} unchanged, ${moved.length} moved, ${reworded} reworded, ${gone} gone, ${added} new`,
);

/** Takes a title that is gone here and new there out of both lists. */
function takeMoved(all) {
  const found = [];
  for (const from of all) {
    from.gone = from.gone.filter((title) => {
      const to = all.find(({ added: titles }) => titles.includes(title));
      if (!to) return true;
      to.added.splice(to.added.indexOf(title), 1);
      found.push({ title, from: from.name, to: to.name });
      return false;
    });
  }
  return found;
}
