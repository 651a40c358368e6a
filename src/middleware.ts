/**
 * The second door, for an application that mounts the middleware: like the program in `program/main.ts` it
 * knows this process, so that nothing behind it has to.
 */
import path from 'node:path';
import { type AppOptions, createApp, type SignIn } from './app/app.ts';
import type { Config } from './config/config.ts';
import { parseConfig } from './config/parse-config.ts';
import type { SignInConfig } from './config/settings.ts';
import { createLog, fromLogger, type Logger } from './log/log.ts';
import { rateLimitLog } from './log/log-rate-limit.ts';
import { configSources, readJsonFile, worldReadableWarning } from './program/config-file.ts';

export interface SignInOptions {
  /**
   * Your own logger, of pino's kind (`app.log` of Fastify, bunyan, pino itself): it gets named fields and
   * the event. JSON lines on stdout without one.
   */
  log?: Logger;
}

/**
 * Sign-in for your application: the middleware, the guard, and who is signed in.
 * `config` is what `config.json` holds, or the path of such a file; `B2C_SIGNIN_…` variables go over
 * it. Paths in an object start at the working folder, those in a file at the file.
 * @throws SignInError `config_invalid`, whose message names every fault, one a line
 */
export async function createSignIn(
  config: SignInConfig | string,
  { log: logger }: SignInOptions = {},
): Promise<SignIn> {
  const parsed = readConfig(config);
  const log = logger
    ? fromLogger(logger)
    : createLog({ level: parsed.log.level, write: (line) => process.stdout.write(line) });
  const options: AppOptions = { log: rateLimitLog(log) };
  const { middleware, requireUser, userOf, accessToken, close, preload } = await createApp(
    parsed,
    options,
  );
  void preload();
  return { middleware, requireUser, userOf, accessToken, close };
}

function readConfig(config: SignInConfig | string): Config {
  const file = typeof config === 'string' ? path.resolve(process.cwd(), config) : undefined;
  const folder = file === undefined ? process.cwd() : path.dirname(file);
  const sources = configSources(folder, {
    env: process.env,
    onWorldReadable(fullPath) {
      // On Windows the mode of a file has no meaning.
      if (process.platform === 'win32') return;
      process.emitWarning(worldReadableWarning(fullPath), 'b2c-signin');
    },
  });
  return parseConfig(file === undefined ? config : readJsonFile(file), sources);
}
