// Builds the program and runs the benchmark in test/bench.
import { run } from './run.js';

await import('./build-tests.js');
console.log('Measuring; this takes about a minute …\n');
run('node', ['build/bench/main.js', ...process.argv.slice(2)]);
