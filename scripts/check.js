// Everything that a change has to pass. --after-test leaves the tests out.
import { run } from './run.js';

const step = (what, tool, args) => {
  console.log(`\n${what} …`);
  run(tool, args);
};

if (process.argv.includes('--after-test')) {
  await import('./build.js');
} else {
  step('Tests', 'node', ['scripts/test.js', '--all']);
}
step('Types of the program', 'tsc', ['-p', 'tsconfig.json', '--noEmit']);
step('Types of the tests', 'tsc', ['-p', 'test/tsconfig.json', '--noEmit']);
step('Format and lint', 'biome', ['check', '--error-on-warnings', '.']);
step('Language', 'node', ['scripts/check-language.js']);
step('Dead code and dependencies', 'knip', []);
step('The package', 'publint', ['--strict']);
console.log('\nAll checks passed.');
