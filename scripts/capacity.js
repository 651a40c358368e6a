// Builds the program and measures the cost of sessions and requests, for docs/capacity.md.
// Needs nginx and redis-server.
import { run } from './run.js';

await import('./build-tests.js');
run('node', ['build/endurance/capacity.js']);
