// Builds the program and drives Chromium through every relying party of Microsoft's starter packs for custom
// policies: "npm run packs -- FOLDER", a checkout of active-directory-b2c-custom-policy-starterpack, with
// "-- FOLDER WORD" for the packs with that word in their path. Needs Chromium.
import { run } from './run.js';

await import('./build-tests.js');
run('node', ['build/packs/main.js', ...process.argv.slice(2)]);
