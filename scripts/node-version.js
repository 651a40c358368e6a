// Import this first: on an older Node, the other modules fail with a stack trace. The check of the program,
// in src/program/node-version.ts, is not built yet.
import { readFileSync } from 'node:fs';

const manifest = new URL('../package.json', import.meta.url);
const [least] = /\d+\.\d+/.exec(JSON.parse(readFileSync(manifest, 'utf8')).engines.node);
const numbersOf = (version) => version.split('.').map(Number);
const [major, minor] = numbersOf(process.versions.node);
const [leastMajor, leastMinor] = numbersOf(least);
if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  console.error(`b2c-signin needs Node ${least} or newer; this is ${process.versions.node}`);
  process.exit(1);
}
