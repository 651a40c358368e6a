/** The entry point for applications that mount the middleware. Like `program/`, it may use `process`. */
import cluster from 'node:cluster';
import path from 'node:path';
import { type AppOptions, createApp, type SignIn } from './app/app.ts';
import type { Config } from './config/config.ts';
import { parseConfig } from './config/parse-config.ts';
import type { SignInConfig } from './config/settings.ts';
import { createLog, fromLogger, type Logger } from './log/log.ts';
import { rateLimitLog } from './log/log-rate-limit.ts';
import { configSources, readJsonFile, worldReadableWarning } from './program/config-file.ts';
import { warnOfReplicas } from './program/replicas.ts';

export interface SignInOptions {
  /**
   * Your logger with pino's interface (`app.log` of Fastify, bunyan, pino): it receives named fields and the
   * event. Default: JSON lines on stdout.
   */
  log?: Logger;
}

/**
 * Creates sign-in for your application: the middleware, a guard and access to the signed-in user. `config`
 * has the content of `config.json`, or is the path of such a file; `B2C_SIGNIN_…` variables override it.
 * Relative paths start at the working directory for an object, and at the file's folder for a file.
 * @throws SignInError `config_invalid`; its message has one line for each fault
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
  warnOfReplicas(parsed, {
    env: process.env,
    isClusterWorker: cluster.isWorker,
    log: options.log,
  });
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
