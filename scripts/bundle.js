// Bundles the program with the packages that it uses into dist/program/main.js and chunks beside it.
// A third of the time to the first response was finding and reading 270 modules. Commands that a server
// does not need (doctor, emulator) and undici are chunks that are loaded on demand. The other files of
// dist stay single modules: applications import them, and so do the tests.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

const root = path.join(import.meta.dirname, '..');
const PACKAGE_OF = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

/** undici loads its mocks, caches and WebSockets too; the program needs its connection pool only. */
const undiciAgentOnly = {
  name: 'undici-agent-only',
  resolveId: (id) => (id === 'undici' ? path.join(import.meta.dirname, 'undici-agent.js') : null),
};

/** Writes the bundle to `program/` below `dist`, over the module `main.js`. */
export async function bundleProgram(dist) {
  const bundle = await rolldown({
    input: { main: path.join(root, 'src/program/main.ts') },
    platform: 'node',
    // Optional for operators, who install it themselves.
    external: ['@redis/client'],
    plugins: [undiciAgentOnly],
  });
  const { output } = await bundle.write({
    dir: path.join(dist, 'program'),
    format: 'esm',
    sourcemap: true,
    // In this folder, because `import.meta.url` finds templates and package.json two folders up.
    chunkFileNames: 'chunk-[name].js',
    codeSplitting: { groups: [{ name: nameOfPackages, test: PACKAGE_OF }] },
  });
  await bundle.close();
  writeFileSync(path.join(dist, 'program/packages.LICENSE.txt'), licensesOf(output));
}

/** Packages are apart from our own modules, which alone count for the coverage. */
const nameOfPackages = (id) => (packageOf(id) === 'undici' ? 'packages-undici' : 'packages');

const packageOf = (id) => PACKAGE_OF.exec(id)?.[1];

/** The license of each package of which the bundle has a part: their authors ask for that. */
function licensesOf(output) {
  const modules = output.flatMap((chunk) => chunk.moduleIds ?? []);
  const packages = [...new Set(modules.map(packageOf).filter(Boolean))].sort();
  return packages
    .map((name) => {
      const folder = path.join(root, 'node_modules', name);
      const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      return `${name} ${version}\n\n${licenseIn(folder)}`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function licenseIn(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return readFileSync(path.join(folder, file), 'utf8');
}
