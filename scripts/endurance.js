// Builds the program and simulates 200 users of three processes for a minute, while the processes and the
// store are killed in turns: test/endurance. Needs nginx and redis-server.
import { run } from './run.js';

await import('./build-tests.js');
console.log('Simulating 200 users; this takes a minute and a half …\n');
run('node', ['build/endurance/main.js']);
