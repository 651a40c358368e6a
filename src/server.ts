#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { Emulator } from './emulator/emulator.ts';
import { nameAndPlace, SignInError } from './errors.ts';
import { createLog, type LogLevel } from './log.ts';
import { limitLog } from './log-limit.ts';
import { createRunningLevel } from './operations/log-level.ts';
import { createMetrics, type Metrics } from './operations/metrics.ts';
import { type Command, type EmulatorArguments, parseCommandLine } from './program/command-line.ts';
import { readConfigFile } from './program/config-file.ts';
import { demoConfig, demoSite, demoText } from './program/demo.ts';
import { createLineWriter } from './program/line-writer.ts';
import { serve } from './program/serve.ts';
import { terminalOf } from './program/terminal.ts';

type Stop = () => Promise<void>;

const DEMO_PORT = 3000;
// Kubernetes waits 30 seconds before it kills, systemd 90.
const GRACE_MS = 10_000;

const { version, engines } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string; engines: { node: string } };

const write = createLineWriter(process.stdout);
const writeError = createLineWriter(process.stderr);
const tell = (text: string) => writeError(`${text}\n`);
// Where there is a log yet, it hears of what nobody caught.
let report = (thrown: unknown) => tell(`Unexpected: ${nameAndPlace(thrown)}`);

const startLog = (level: LogLevel, metrics?: Metrics) => {
  const written = createLog({ level, write });
  const runningLevel = createRunningLevel(written, { level });
  // Windows has no such signal; there this listens for nothing.
  process.on('SIGUSR2', (signal) => runningLevel.raise(signal));
  const limited = limitLog(written);
  const log = metrics?.log(limited) ?? limited;
  report = (thrown) => log.error('unexpected_error', { detail: nameAndPlace(thrown) });
  return log;
};

async function run(command: Command): Promise<Stop | undefined> {
  switch (command.kind) {
    case 'print':
      write(`${command.text}\n`);
      return undefined;
    case 'wrong-usage':
      tell(command.text);
      process.exitCode = 2;
      return undefined;
    case 'check-config':
      return checkConfig(command.config);
    case 'emulator':
      return startEmulator(command);
    case 'doctor':
      return examine(command);
    case 'serve':
      return start(command);
  }
}

const configOf = (file: string | undefined, port?: number | undefined) =>
  readConfigFile({
    file,
    workingFolder: process.cwd(),
    // Like the setting itself, so that everything which follows from the port follows from this one.
    env:
      port === undefined ? process.env : { ...process.env, B2C_SIGNIN_LISTEN_PORT: String(port) },
    // The mode of a file says nothing on Windows.
    ...(process.platform === 'win32' ? {} : { warn: tell }),
  });

function checkConfig(file: string | undefined): undefined {
  const config = configOf(file);
  if (!config) throw new SignInError('config_invalid', 'there is no config.json here');
  write('The configuration has no faults.\n');
  return undefined;
}

async function examine({
  config: file,
  json,
}: {
  config?: string | undefined;
  json: boolean;
}): Promise<undefined> {
  const { runDoctor } = await import('./doctor/program.ts');
  const isGood = await runDoctor({
    file,
    json,
    version,
    workingFolder: process.cwd(),
    env: process.env,
    hasFileModes: process.platform !== 'win32',
    nodeVersion: process.version,
    engines: engines.node,
    output: process.stdout,
    progressOutput: process.stderr,
  });
  if (!isGood) process.exitCode = 1;
}

async function start({
  config: file,
  port,
}: {
  config?: string | undefined;
  port?: number | undefined;
}) {
  const config = configOf(file, port);
  if (!config) return startDemo(port ?? DEMO_PORT);
  const metrics = config.operations && createMetrics({ version, config, system: process });
  const log = startLog(config.log.level, metrics);
  const running = await serve(config, { log, metrics });
  const { address, port: actualPort } = running.address;
  log.info('listening', { address: `${address}:${actualPort}`, version });
  tell(`b2c-signin ${version} answers for ${running.url} on ${address}, port ${actualPort}.`);
  if (config.baseUrl.protocol === 'http:' && Number(config.baseUrl.port || 80) !== actualPort) {
    tell(
      `Attention: baseUrl names another port, ${config.baseUrl.origin}: sign-in will lead there.`,
    );
  }
  return async () => {
    log.info('stopping');
    await running.stop(GRACE_MS);
    log.info('stopped');
  };
}

async function startDemo(port: number): Promise<Stop> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new SignInError(
      'config_invalid',
      'there is no config.json here, and the demo does not start with NODE_ENV=production',
    );
  }
  tell('No configuration given: starting the local demo …');
  const tenant = await createLocalTenant(port + 1);
  const stopTenant = () => tenant.close();
  const log = startLog('info');
  const running = await serve(demoConfig(tenant, port), { log, demo: demoSite(tenant) }).catch(
    async (error) => {
      await stopTenant();
      throw error;
    },
  );
  tell(demoText(running.url, tenant, terminalOf(process.stderr).paint));
  return async () => {
    await running.stop(GRACE_MS);
    await stopTenant();
    tell('Stopped.');
  };
}

async function startEmulator(options: EmulatorArguments): Promise<Stop> {
  const { runEmulator } = await import('./emulator/program.ts');
  const { emulator, text } = await runEmulator(options);
  tell(text);
  return async () => {
    await emulator.close();
    tell('Stopped.');
  };
}

async function createLocalTenant(port: number): Promise<Emulator> {
  const { createEmulator } = await import('./emulator/emulator.ts');
  return createEmulator({ port });
}

function explain(error: unknown): string {
  if (error instanceof SignInError) return `b2c-signin cannot start:\n${error.message}`;
  const { code, port, address, message } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is taken. Choose another one with --port (the demo takes two in a row).`;
  }
  if (code === 'EACCES') return `Port ${port} on ${address} is not allowed to this user.`;
  return `b2c-signin cannot start: ${message}`;
}

/** Whoever asks during the start is heard too: what has started is then stopped in order. */
function stopOnSignals(starting: Promise<Stop | undefined>): void {
  let stopping = false;
  const onSignal = async () => {
    // Somebody who asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    const stop = await starting.catch(() => undefined);
    await stop?.();
    process.exit(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // Of a terminal that is closed.
  process.on('SIGHUP', onSignal);
}

/**
 * An error that nothing caught is a fault of this program, but no reason to sign everybody out, which
 * is what ending the process would do: it is logged, and the process goes on.
 */
function surviveErrors(): void {
  process.on('uncaughtException', (error) => report(error));
  process.on('unhandledRejection', (reason) => report(reason));
}

const starting = run(parseCommandLine(process.argv.slice(2), version));
stopOnSignals(starting);
try {
  await starting;
  surviveErrors();
} catch (error) {
  tell(explain(error));
  process.exitCode = 1;
}
