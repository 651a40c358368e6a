#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { isOldNode } from './program/node-version.ts';

const { engines } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { engines: { node: string } };

// An older Node.js fails with a stack trace when it loads the program, so check before the import.
if (isOldNode(process.versions.node, engines.node)) {
  const minimum = engines.node.replace('>=', '');
  process.stderr.write(
    `b2c-signin needs Node ${minimum} or newer; this is ${process.versions.node}\n`,
  );
  process.exitCode = 1;
} else {
  await import('./program/main.ts');
}
