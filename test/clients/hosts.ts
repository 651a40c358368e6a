// Applications of each framework that mount the middleware.
import type { TestContext } from 'node:test';
import { createSignIn, type SignIn, type SignInConfig } from '../../dist/index.js';
import { type Client, createClient, type TestEmulator } from '../../dist/testing/testing.js';
import { freePort } from '../support/free-port.js';

/** Listens until the function that it gives is called. */
type Start = (
  signIn: SignIn,
  options: { port: number; mountedAt?: string },
) => Promise<() => Promise<void>>;

// From the sources, beside the libraries they use.
const load = async (file: string, name = 'start'): Promise<Start> =>
  (await import(new URL(`../../test/clients/apps/hosts/${file}`, import.meta.url).href))[name];

/** Serves no other page. */
export const COMPRESSED = () => load('compressed.js');

/** How each framework starts the application. */
export const FRAMEWORKS: Record<string, () => Promise<Start>> = {
  'node:http': () => load('node.js'),
  'Express 4': () => load('express.js', 'start4'),
  'Express 5': () => load('express.js', 'start5'),
  Connect: () => load('connect.js'),
  'Fastify with @fastify/express': () => load('fastify.js', 'startWithExpress'),
  'Fastify with @fastify/middie': () => load('fastify.js', 'startWithMiddie'),
};

export interface Host {
  url: string;
  /** A new browser. */
  client(): Client;
}

export type HostOptions = Partial<SignInConfig> & {
  /** The path that the middleware is mounted at. */
  mountedAt?: string;
};

/** The application of a framework, which signs people in at the tenant; it stops with the test. */
export async function startHost(
  t: TestContext,
  emulator: TestEmulator,
  {
    framework,
    mountedAt,
    ...settings
  }: HostOptions & { framework: string | (() => Promise<Start>) },
): Promise<Host> {
  const start = await (typeof framework === 'string' ? FRAMEWORKS[framework] : framework)?.();
  if (!start) throw new Error(`there is no ${framework}`);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const quiet = { log: { level: 'silent' as const } };
  const signIn = await createSignIn({ ...emulator.configFor(url), ...quiet, ...settings });
  const stop = await start(signIn, { port, ...(mountedAt ? { mountedAt } : {}) });
  t.after(async () => {
    await stop();
    await signIn.close();
  });
  return { url, client: () => createClient(url) };
}
