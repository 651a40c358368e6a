export { type Client, createClient } from './client.ts';
export { type SignInAsOptions, signInAs } from './sign-in-as.ts';
export { startEmulator, type TestEmulator } from './start-emulator.ts';
