// Builds src into dist, with what `require()` needs, and brings the schemas up to date with the parsers they come from.
import { rmSync, writeFileSync } from 'node:fs';
import { writeCommonJs } from './commonjs.js';
import { run } from './run.js';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.json']);
await writeCommonJs(['index', 'emulator/emulator', 'testing/testing']);
const { configSchemaText } = await import('../dist/config.js');
const { configurationSchemaText } = await import('../dist/emulator/configuration/settings.js');
const write = (file, text) => writeFileSync(new URL(`../${file}`, import.meta.url), text);
write('config.schema.json', configSchemaText());
write('docs/emulator.schema.json', configurationSchemaText());
