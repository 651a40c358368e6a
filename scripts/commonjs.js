// Writes what `require('b2c-signin')` finds beside each ES module that the package exports: a file that
// hands on the very module, so that there is one of everything, and its types. By hand and not by the
// compiler, whose CommonJS files may not import a module before TypeScript 5.8.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export async function writeCommonJs(dist, modules) {
  for (const name of modules) {
    const base = path.basename(name);
    const { href } = pathToFileURL(path.join(dist, `${name}.js`));
    const exported = Object.entries(await import(href));
    const write = (extension, lines) =>
      writeFileSync(path.join(dist, `${name}.${extension}`), `${lines.join('\n')}\n`);
    write('cjs', ["'use strict';", `module.exports = require('./${base}.js');`]);
    const as = "with { 'resolution-mode': 'import' }";
    write('d.cts', [
      `import type * as esm from './${base}.js' ${as};`,
      `export type * from './${base}.js' ${as};`,
      ...exported.flatMap(([key, value]) => [
        `export declare const ${key}: typeof esm.${key};`,
        ...(isClass(value) ? [`export type ${key} = esm.${key};`] : []),
      ]),
    ]);
  }
}

const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value));
