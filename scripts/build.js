// Builds src into dist, with the files for `require()`, and updates the schemas and the table of settings
// from the parsers. Builds in a folder next to dist: you can start the program from dist in the meantime,
// and a failed build leaves dist as it was.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { withCodeTable } from './code-table.js';
import { writeCommonJs } from './commonjs.js';
import { replaceFolder } from './replace-folder.js';
import { run } from './run.js';
import { withSettingsTable } from './settings-table.js';

const dist = path.join(import.meta.dirname, '../dist');
// Another terminal may build at the same time.
const made = `${dist}.${process.pid}`;
process.on('exit', () => rmSync(made, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

run('tsc', ['-p', 'tsconfig.json', '--outDir', made]);
// Only now: where packages are missing, the line above has said so.
const { bundleProgram } = await import('./bundle.js');
await bundleProgram(made);
await writeCommonJs(made, ['index', 'emulator/emulator', 'testing/testing']);
const module = (name) => import(pathToFileURL(path.join(made, name)).href);
const { configSchemaText } = await module('config/json-schema.js');
const { settingsIn } = await module('config/setting-tree.js');
const { configurationSchemaText } = await module('emulator/definition/schema.js');
const fileUrl = (file) => new URL(`../${file}`, import.meta.url);
const write = (file, text) => writeFileSync(fileUrl(file), text);
const schemaText = configSchemaText();
const schema = JSON.parse(schemaText);
const reference = 'docs/configuration.md';
const errors = 'docs/errors.md';
const codes = await module('oidc/provider-codes.js');
const { CATEGORIES } = await module('oidc/code-category.js');
const table = { schema, settings: settingsIn(schema) };
write('config.schema.json', schemaText);
write(reference, withSettingsTable(readFileSync(fileUrl(reference), 'utf8'), table));
write(errors, withCodeTable(readFileSync(fileUrl(errors), 'utf8'), codes, CATEGORIES));
write('docs/emulator.schema.json', configurationSchemaText());
// npm sets this only when it links the package: a later build must not break "npx b2c-signin".
chmodSync(path.join(made, 'server.js'), 0o755);
replaceFolder(made, dist);
