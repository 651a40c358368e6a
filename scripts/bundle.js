// Bundles the program and the packages it uses into dist/program/main.js and chunks next to it. Reading
// 270 modules took half of the time to the first response. Commands that a server does not need (doctor,
// emulator) and undici are chunks that are loaded on demand. The other files of dist stay single modules,
// because applications and tests import them.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

const root = path.join(import.meta.dirname, '..');
const PACKAGE_OF = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

/** undici loads its mocks, caches and WebSockets too; the program needs its connection pool only. */
const undiciAgentOnly = {
  name: 'undici-agent-only',
  resolveId: (id) => (id === 'undici' ? path.join(import.meta.dirname, 'undici-agent.js') : null),
};

/** The bundle is in dist/program, so a path from there holds only for modules as deep as that. */
const pathsFromOneFolderDown = {
  name: 'paths-from-one-folder-down',
  transform(code, id) {
    const isOwn = !packageOf(id) && id.startsWith(path.join(root, 'src'));
    const depth = path.relative(path.join(root, 'src'), id).split(path.sep).length;
    if (isOwn && depth !== 2 && code.includes('import.meta')) {
      this.error(`${id} uses import.meta, which names another folder in the bundle`);
    }
  },
};

/** Writes the bundle to `program/` below `dist`, over the module `main.js`. */
export async function bundleProgram(dist) {
  const bundle = await rolldown({
    input: { main: path.join(root, 'src/program/main.ts') },
    platform: 'node',
    // Optional for operators, who install it themselves.
    external: ['@redis/client'],
    plugins: [undiciAgentOnly, pathsFromOneFolderDown],
  });
  const folder = path.join(dist, 'program');
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    sourcemap: true,
    // In this folder, because `import.meta.url` finds templates and package.json two folders up.
    chunkFileNames: 'chunk-[name].js',
    codeSplitting: { groups: [{ name: chunkOfPackage, debugName: 'packages', test: PACKAGE_OF }] },
  });
  await bundle.close();
  for (const { fileName } of output) {
    if (fileName.startsWith(`chunk-${PACKAGES}`)) removeSourceMap(path.join(folder, fileName));
  }
  writeFileSync(path.join(folder, 'packages.LICENSE.txt'), licensesOf(output));
}

const PACKAGES = 'packages';
/** Packages that the first response does not need. */
const ON_DEMAND = ['entities', 'parse5', 'sax', 'undici'];

/** Packages have separate chunks, so that coverage counts only the modules of this project. */
function chunkOfPackage(id) {
  const name = packageOf(id);
  return ON_DEMAND.includes(name) ? `${PACKAGES}-${name}` : PACKAGES;
}

const packageOf = (id) => PACKAGE_OF.exec(id)?.[1];

function removeSourceMap(file) {
  if (file.endsWith('.map')) return rmSync(file);
  const code = readFileSync(file, 'utf8');
  return writeFileSync(file, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}

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
