// Builds src into dist, with what `require()` needs, and brings the schemas and the table of settings
// up to date with the parsers they come from.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeCommonJs } from './commonjs.js';
import { run } from './run.js';
import { withSettingsTable } from './settings-table.js';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.json']);
await writeCommonJs(['index', 'emulator/emulator', 'testing/testing']);
const { configSchemaText } = await import('../dist/config.js');
const { settingsOf } = await import('../dist/config/environment.js');
const { configurationSchemaText } = await import('../dist/emulator/configuration/settings.js');
const fileUrl = (file) => new URL(`../${file}`, import.meta.url);
const write = (file, text) => writeFileSync(fileUrl(file), text);
const schemaText = configSchemaText();
const schema = JSON.parse(schemaText);
const reference = 'docs/configuration.md';
const table = { schema, settings: settingsOf(schema) };
write('config.schema.json', schemaText);
write(reference, withSettingsTable(readFileSync(fileUrl(reference), 'utf8'), table));
write('docs/emulator.schema.json', configurationSchemaText());
