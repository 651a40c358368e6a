#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { isOldNode } from './program/node-version.ts';

const { engines } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { engines: { node: string } };

// An older Node ends in a stack as soon as it sees what the program imports: it must not come so far.
if (isOldNode(process.versions.node, engines.node)) {
  const least = engines.node.replace('>=', '');
  process.stderr.write(
    `b2c-signin needs Node ${least} or newer; this is ${process.versions.node}\n`,
  );
  process.exitCode = 1;
} else {
  await import('./program/main.ts');
}
