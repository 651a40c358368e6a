// Builds the program and lets 200 people work with three processes of it for a minute, while those and
// the store are killed in turns: test/endurance. Needs nginx and redis-server.
import { run } from './run.js';

await import('./build-tests.js');
console.log('Two hundred people are at work; this takes a minute and a half …\n');
run('node', ['build/endurance/main.js']);
