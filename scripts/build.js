// Builds src into dist, and brings config.schema.json up to date with the parser it comes from.
import { rmSync, writeFileSync } from 'node:fs';
import { run } from './run.js';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.json']);
const { configSchemaText } = await import('../dist/config.js');
writeFileSync(new URL('../config.schema.json', import.meta.url), configSchemaText());
