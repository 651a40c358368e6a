import cluster, { type Worker } from 'node:cluster';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { formatIssues, invalidConfig } from '../config/issues.ts';
import type { Emulator } from '../emulator/emulator.ts';
import type { PoliciesCommand } from '../emulator/policy-files/program.ts';
import { describeThrown, SignInError } from '../errors.ts';
import { createLog } from '../log/log.ts';
import { rateLimitLog } from '../log/log-rate-limit.ts';
import { createLogLevelControl } from '../operations/log-level.ts';
import { createMetrics } from '../operations/metrics.ts';
import {
  type Command,
  type EmulatorArguments,
  parseCommandLine,
  type ServeArguments,
} from './command-line.ts';
import {
  type ConfigFileOptions,
  readConfigFile,
  readTextFile,
  worldReadableWarning,
} from './config-file.ts';
import { demoConfig, demoPortError, demoSite, demoText } from './demo.ts';
import { createLineWriter } from './line-writer.ts';
import { serve } from './serve.ts';
import { logListening, serveSingleProcess } from './serve-single-process.ts';
import { type LoadedConfig, serveWithWorkers } from './serve-with-workers.ts';
import { type ProgramOutput, type RunningService, startErrorMessage } from './service.ts';
import { createTerminal } from './terminal.ts';
import { runWorker, type WorkerOrder } from './worker.ts';

const DEMO_PORT = 3000;
/** What stands for the command in a process that another one of this program has started. */
const WORKER = 'worker';

const { version, engines } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string; engines: { node: string } };

const write = createLineWriter(process.stdout);
const writeError = createLineWriter(process.stderr);
const print = (text: string) => writeError(`${text}\n`);
// Where there is a log yet, it hears of what nobody caught.
let report = (thrown: unknown) => print(`Unexpected: ${describeThrown(thrown)}`);

const output: ProgramOutput = {
  version,
  print,
  startLog(config, worker) {
    const { level } = config.log;
    const metrics = config.operations && createMetrics({ version, config, system: process });
    const written = createLog({ level, write, worker });
    const runningLevel = createLogLevelControl(written, { level });
    // Windows has no such signal; there this listens for nothing.
    process.on('SIGUSR2', (signal) => runningLevel.raise(signal));
    const limited = rateLimitLog(written);
    const log = metrics?.log(limited) ?? limited;
    report = (thrown) => log.error('unexpected_error', { detail: describeThrown(thrown) });
    return { log, metrics, setLevel: runningLevel.set };
  },
};

async function run(command: Command): Promise<RunningService | undefined> {
  switch (command.kind) {
    case 'print':
      write(`${command.text}\n`);
      return undefined;
    case 'wrong-usage':
      print(command.text);
      process.exitCode = 2;
      return undefined;
    case 'check-config':
      return checkConfig(command);
    case 'emulator':
      return startEmulator(command);
    case 'doctor':
      return runDoctorCommand(command);
    case 'policies':
      return runPoliciesCommand(command);
    case 'serve':
      return startServer(command);
  }
}

async function runPoliciesCommand(command: PoliciesCommand): Promise<undefined> {
  const { runPolicies } = await import('../emulator/policy-files/program.ts');
  const { paint } = createTerminal(process.stdout);
  const { output, problem, exitCode } = await runPolicies(command, paint);
  if (output) write(`${output}\n`);
  if (problem) print(problem);
  process.exitCode = exitCode;
}

const loadConfig = (
  { config: file, port }: ServeArguments,
  { readText, onWorldReadable }: Pick<ConfigFileOptions, 'readText' | 'onWorldReadable'>,
) =>
  readConfigFile({
    file,
    workingFolder: process.cwd(),
    // Like the setting itself, so that everything which follows from the port follows from this one.
    env:
      port === undefined ? process.env : { ...process.env, B2C_SIGNIN_LISTEN_PORT: String(port) },
    ...(readText ? { readText } : {}),
    ...(onWorldReadable ? { onWorldReadable } : {}),
  });

/** The configuration, and what others need to come to the same one; `undefined` for the demo. */
function readConfig({ config: file, port }: ServeArguments): LoadedConfig | undefined {
  const texts: Record<string, string> = {};
  const readText = (fullPath: string) => {
    texts[fullPath] = readTextFile(fullPath);
    return texts[fullPath];
  };
  const onWorldReadable = (fullPath: string) => {
    // On Windows the mode of a file has no meaning.
    if (process.platform !== 'win32') print(worldReadableWarning(fullPath));
  };
  const config = loadConfig({ config: file, port }, { readText, onWorldReadable });
  return config && { config, order: { config: path.resolve(file ?? 'config.json'), port, texts } };
}

function requireConfig<Found>(found: Found | undefined): Found {
  if (!found)
    throw invalidConfig([{ setting: 'config.json', path: [], problem: 'does not exist' }]);
  return found;
}

function checkConfig(from: ServeArguments): undefined {
  try {
    requireConfig(readConfig(from));
    write('The configuration is valid.\n');
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    // Not a startup failure, so do not use the "cannot start" message.
    const { issues } = error;
    const count = `${issues.length} ${issues.length === 1 ? 'error' : 'errors'}`;
    print(`The configuration has ${count}:\n${formatIssues(issues)}`);
    process.exitCode = 1;
  }
  return undefined;
}

async function runDoctorCommand({
  config: file,
  json,
}: {
  config?: string | undefined;
  json: boolean;
}): Promise<undefined> {
  const { runDoctor } = await import('../doctor/program.ts');
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

async function startServer(from: ServeArguments): Promise<RunningService> {
  const reading = readConfig(from);
  const { port = DEMO_PORT, workers } = from;
  if (!reading) return startDemo(port, workers);
  const readAgain = () => requireConfig(readConfig(from));
  if (workers === undefined) return serveSingleProcess(reading, readAgain, output);
  cluster.setupPrimary({ args: [WORKER] });
  const count = workers === 'auto' ? availableParallelism() : workers;
  return serveWithWorkers(reading, {
    count,
    readConfig: readAgain,
    voice: output,
    exit: process.exit,
  });
}

async function openWorker({ number, config, port, texts, requireReady }: WorkerOrder) {
  const readText = (fullPath: string) => texts[fullPath] ?? readTextFile(fullPath);
  const parsed = requireConfig(loadConfig({ config, port }, { readText }));
  const { log, metrics } = output.startLog(parsed, number);
  const running = await serve(parsed, { log, requireReady });
  logListening(running, { log, version });
  return { running, metrics };
}

async function startDemo(
  port: number,
  workers: ServeArguments['workers'],
): Promise<RunningService> {
  if (workers !== undefined) {
    throw new SignInError(
      'config_invalid',
      'there is no config.json here, and the demo is one process: start without --workers',
    );
  }
  if (process.env['NODE_ENV'] === 'production') {
    throw new SignInError(
      'config_invalid',
      'there is no config.json here, and the demo does not start with NODE_ENV=production',
    );
  }
  print(`No config.json in ${process.cwd()}: starting the local demo …`);
  const refuse = (error: unknown): never => {
    throw demoPortError(error, { port });
  };
  const tenant = await createLocalTenant(port + 1).catch(refuse);
  const stopTenant = () => tenant.close();
  const config = demoConfig(tenant, port);
  const { log } = output.startLog(config);
  const running = await serve(config, { log, demo: demoSite(tenant) }).catch(async (error) => {
    await stopTenant();
    return refuse(error);
  });
  print(demoText(running.url, tenant, createTerminal(process.stderr).paint));
  return {
    async stop() {
      await running.stop();
      await stopTenant();
      print('Stopped.');
    },
  };
}

async function startEmulator(options: EmulatorArguments): Promise<RunningService> {
  const { runEmulator } = await import('../emulator/program.ts');
  const { emulator, text } = await runEmulator(options);
  print(text);
  return {
    async stop() {
      await emulator.close();
      print('Stopped.');
    },
  };
}

async function createLocalTenant(port: number): Promise<Emulator> {
  const { createEmulator } = await import('../emulator/emulator.ts');
  return createEmulator({ port });
}

/** Whoever asks during the start is heard too: what has started is then stopped in order. */
function handleSignals(starting: Promise<RunningService | undefined>): void {
  const life = () => starting.catch(() => undefined);
  let stopping = false;
  const stop = async () => {
    // Somebody who asks twice does not want to wait.
    if (stopping) {
      for (const worker of Object.values(cluster.workers ?? {})) worker?.kill('SIGKILL');
      process.exit(1);
    }
    stopping = true;
    await (await life())?.stop();
    process.exit(0);
  };
  let reloaded = Promise.resolve();
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGUSR2', async (signal) => (await life())?.forwardSignal?.(signal));
  process.on('SIGHUP', async () => {
    const reload = (await life())?.reload;
    // What has no configuration file ends with its terminal.
    if (!reload) return stop();
    if (!stopping) reloaded = reloaded.then(reload);
    return undefined;
  });
}

/**
 * An error that nothing caught is a fault of this program, but no reason to sign everybody out, which
 * is what ending the process would do: it is logged, and the process goes on.
 */
function logUncaughtErrors(): void {
  process.on('uncaughtException', (error) => report(error));
  process.on('unhandledRejection', (reason) => report(reason));
}

/** A worker hears its primary. What a terminal sends goes to both. */
function runAsWorker(channel: Worker): void {
  const stop = runWorker({ channel, open: openWorker, exit: process.exit });
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  logUncaughtErrors();
}

async function runPrimary(): Promise<void> {
  const starting = run(parseCommandLine(process.argv.slice(2), version));
  handleSignals(starting);
  try {
    await starting;
    logUncaughtErrors();
  } catch (error) {
    print(
      `b2c-signin cannot start:${error instanceof SignInError ? '\n' : ' '}${startErrorMessage(error)}`,
    );
    process.exitCode = 1;
  }
}

// At SIGUSR1 Node would open its debugger on loopback, where every user of this machine can reach it and
// run code in here. Who listens himself keeps it shut; on Windows this listens for nothing.
process.on('SIGUSR1', () => {});

const { worker } = cluster;
if (worker && process.argv[2] === WORKER) runAsWorker(worker);
else await runPrimary();
