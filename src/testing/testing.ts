export type { Answer } from '../emulator/policy-runs/answers.ts';
export { type PolicyCoverage, policyCoverage } from '../emulator/policy-runs/coverage.ts';
export { type PolicyRun, type RunOptions, runPolicy } from '../emulator/policy-runs/run-policy.ts';
export { profilesRun, restCalls, stepsTaken } from '../emulator/policy-runs/trace-queries.ts';
export { type Client, createClient } from './client.ts';
export { type SignInAsOptions, signInAs } from './sign-in-as.ts';
export { startEmulator, type TestEmulator } from './start-emulator.ts';
