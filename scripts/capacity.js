// Builds the program and measures what sessions and requests cost: the figures of docs/deployment.md.
// Needs nginx and redis-server.
import { run } from './run.js';

console.log('Building …');
await import('./build.js');
run('tsc', ['-p', 'test/tsconfig.json']);
run('node', ['build/endurance/capacity.js']);
