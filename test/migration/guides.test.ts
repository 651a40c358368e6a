// The names in the tables of the guides exist, and the tables contain everything that the libraries have.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { settingTypes } from '../../dist/config/environment.js';
import { missingPackage } from '../clients/client-contract.js';

const ROOT = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8');
const readGuide = (guide: string) => read(`docs/migrate/${guide}.md`);
const readLibrary = (file: string) => read(`test/clients/node_modules/${file}`);

const names = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

/** Where each library says what its options are. */
const OPTIONS: Record<string, () => string[]> = {
  'passport-azure-ad': () => {
    const [, documented = ''] = readLibrary('passport-azure-ad/README.md').split('### 4.1 OIDC');
    return [
      ...names(readLibrary('passport-azure-ad/lib/oidcstrategy.js'), /\boptions\.([a-z]\w*)/g),
      ...names(documented.split('### 4.2')[0] ?? '', /^\* `(\w+)` +\(/gm),
    ];
  },
  'express-openid-connect': () =>
    names(readLibrary('express-openid-connect/lib/config.js'), /^ {2}(\w+): Joi/gm),
};

describe('the guide has every option of', () => {
  for (const [library, options] of Object.entries(OPTIONS)) {
    test(library, { skip: missingPackage(library) ?? false }, () => {
      const text = readGuide(library);
      const all = options();
      assert.ok(all.length > 30, `${all.length} options`);
      assert.deepEqual(
        all.filter((name) => !text.includes(`\`${name}\``)),
        [],
      );
    });
  }
});

const settings = [...settingTypes(JSON.parse(read('config.schema.json'))).keys()];

const isSetting = (name: string) =>
  settings.some((path) => {
    return path === name || path.startsWith(`${name}.`) || path === name.replace(/\.\w+$/, '.*');
  });

describe('every setting exists that is named by the guide from', () => {
  const sections = names(settings.join('\n'), /^(\w+)/gm).join('|');
  const named = new RegExp(`\`((?:${sections})(?:\\.\\w+)*)[:\`]`, 'g');
  for (const file of readdirSync(new URL('docs/migrate', ROOT))) {
    const guide = file.replace('.md', '');
    test(guide, () => {
      const rows = readGuide(guide)
        .split('\n')
        .filter((line) => line.startsWith('| '));
      // The last column names what this project has.
      const found = rows.flatMap((row) => names(row.split(' | ').at(-1) ?? '', named));
      assert.ok(found.length > 5);
      assert.deepEqual(
        found.filter((name) => !isSetting(name)),
        [],
      );
    });
  }
});
