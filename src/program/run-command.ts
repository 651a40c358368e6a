import { checkConfig } from './check-config.ts';
import type { Command, EmulatorArguments } from './command-line.ts';
import { engines, version } from './manifest.ts';
import { print, write } from './output.ts';
import type { PoliciesCommand } from './policies-arguments.ts';
import type { RunningService } from './service.ts';
import { startServer } from './start-server.ts';
import { createTerminal } from './terminal.ts';

/** Runs a command. Returns what it started, if that keeps running. */
export async function runCommand(command: Command): Promise<RunningService | undefined> {
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

// Modules that the server does not need are loaded on demand.

async function runPoliciesCommand(command: PoliciesCommand): Promise<undefined> {
  const { paint } = createTerminal(process.stdout);
  const { output, problem, exitCode } =
    command.action === 'run'
      ? await (await import('../emulator/policy-runs/program.ts')).runPolicyCommand(command, paint)
      : await (await import('../emulator/policy-files/program.ts')).runPolicies(command, paint);
  if (output) write(`${output}\n`);
  if (problem) print(problem);
  process.exitCode = exitCode;
}

async function runDoctorCommand({
  config: file,
  json,
  verbosity,
}: Extract<Command, { kind: 'doctor' }>): Promise<undefined> {
  const { runDoctor } = await import('../doctor/program.ts');
  const isGood = await runDoctor({
    file,
    json,
    verbosity,
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

async function startEmulator(options: EmulatorArguments): Promise<RunningService> {
  const { runEmulator } = await import('../emulator/program.ts');
  const { emulator, text } = await runEmulator({
    ...options,
    ...{ env: process.env, report: print, paint: createTerminal(process.stdout).paint },
  });
  print(text);
  return {
    async stop() {
      await emulator.close();
      print('Stopped.');
    },
  };
}
