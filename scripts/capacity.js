// Builds the program and measures what sessions and requests cost: the figures of docs/deployment.md.
// Needs nginx and redis-server.
import { run } from './run.js';

await import('./build-tests.js');
run('node', ['build/endurance/capacity.js']);
