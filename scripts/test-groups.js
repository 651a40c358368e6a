// Decides which test files share a process. A process for each file would cost more than most files do.
// A group is a folder of test/; its entry file imports the files one after the other.
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

/** Needs Chromium: these files share a process, and with it one Chromium. */
const USES_CHROMIUM = /support\/chromium\.js'/;

/**
 * Writes an entry file for each group of `files` into `folder`, and returns the paths of the entry files.
 * Node runs them by name. The group with the most source text comes first, as it is likely to take longest.
 */
export function writeGroups(files, { build, folder, isWithoutChromium = false }) {
  const groups = new Map();
  for (const file of files) {
    const name = groupOf(file, readFileSync(path.join(build, file), 'utf8'));
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  const size = (names) =>
    names.reduce((sum, name) => sum + statSync(path.join(build, name)).size, 0);
  mkdirSync(folder, { recursive: true });
  if (isWithoutChromium) groups.delete('chromium');
  return [...groups]
    .sort(([, a], [, b]) => size(b) - size(a))
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

function groupOf(file, text) {
  if (USES_CHROMIUM.test(text) || file.startsWith('browser/')) return 'chromium';
  if (FAKES_CLOCK.test(text)) return 'clock';
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : 'root';
}
