// Decides which test files share a process. A process for each file would cost more than most files do.
// A group is a folder of test/, or several short ones; its entry file imports the files one after the other.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Files that only `npm run test:all` runs, by the beginning of the path: they check the packed package,
 * other frameworks, and the examples in the documents. None shows a behavior of the server or the emulator.
 */
const ONLY_IN_ALL = ['package/', 'migration/', 'clients/frameworks', 'documents/examples'];

export const isOnlyInAll = (file) => ONLY_IN_ALL.some((beginning) => file.startsWith(beginning));

/** Sets the clock of its process for a while: these files share a separate process. */
const FAKES_CLOCK = /\bmock\.timers\.enable\(/;

/** Groups that start programs or wait for them take longest. They come first, so that none runs alone at the end. */
const LONGEST = ['program', 'chromium', 'clients', 'endurance', 'session', 'package', 'migration'];

/** Folders with less compiled text than this share a process: to load the server costs more than they do. */
const SHORT_BELOW_BYTES = 60_000;

/** Groups that would run longer than all others together are split into this many processes. */
const SPLIT = { chromium: 2, program: 2 };

/** Needs Chromium: these files share a process, and with it one Chromium. */
const USES_CHROMIUM = /support\/chromium\.js'/;

/**
 * Writes an entry file for each group of `files` into `folder`, and returns the paths of the entry files.
 * Node runs them by name: after the groups of `LONGEST`, the one with the most source text comes first.
 */
export function writeGroups(files, { build, folder, isWithoutChromium = false }) {
  const size = (names) =>
    names.reduce((sum, name) => sum + statSync(path.join(build, name)).size, 0);
  const groups = groupsOf(files, build);
  if (isWithoutChromium) groups.delete('chromium');
  const isShort = ([name, members]) =>
    !LONGEST.includes(name) && name !== 'clock' && size(members) < SHORT_BELOW_BYTES;
  const short = [...groups].filter(isShort).flatMap(([, members]) => members);
  const long = [...groups]
    .filter((group) => !isShort(group))
    .flatMap(([name, members]) => split(members, SPLIT[name] ?? 1).map((part) => [name, part]));
  const rank = (name) => (LONGEST.includes(name) ? LONGEST.indexOf(name) : LONGEST.length);
  mkdirSync(folder, { recursive: true });
  return [...long, ...(short.length > 0 ? [['short', short]] : [])]
    .sort(([one, a], [other, b]) => rank(one) - rank(other) || size(b) - size(a))
    .map(([name, members], index) => {
      const entry = path.join(folder, `${String(index + 1).padStart(2, '0')}-${name}.js`);
      const lines = ['support/each-test.js', ...members].map((file) => {
        const from = path.relative(folder, path.join(build, file)).replaceAll(path.sep, '/');
        return `import ${JSON.stringify(from)};\n`;
      });
      writeFileSync(entry, lines.join(''));
      return entry;
    });
}

/** Splits `files` into `count` lists: the first file into the first list, the second into the second one … */
function split(files, count) {
  const lists = Array.from({ length: Math.min(count, files.length) }, () => []);
  for (const [index, file] of files.entries()) lists[index % lists.length].push(file);
  return lists;
}

function groupsOf(files, build) {
  const groups = new Map();
  for (const file of files) {
    const name = groupOf(file, readFileSync(path.join(build, file), 'utf8'));
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return groups;
}

function groupOf(file, text) {
  if (USES_CHROMIUM.test(text) || file.startsWith('browser/')) return 'chromium';
  if (FAKES_CLOCK.test(text)) return 'clock';
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : 'root';
}
