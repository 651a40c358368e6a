// Writes a CommonJS file next to each ES module that the package exports, for `require('b2c-signin')`. It
// exports the ES module itself, so that no module is loaded twice, and its types. The compiler does not do
// this: before TypeScript 5.8, its CommonJS files may not import an ES module.
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
