import type { Emulator } from '../emulator/emulator.ts';
import { SignInError } from '../errors.ts';
import type { ServeArguments } from './command-line.ts';
import { demoConfig, demoPortError, demoSite, demoText } from './demo.ts';
import { output, print } from './output.ts';
import { serve } from './serve.ts';
import type { RunningService } from './service.ts';
import { createTerminal } from './terminal.ts';

const DEMO_PORT = 3000;

/** Starts an emulator and a server that uses it. */
export async function startDemo({
  port = DEMO_PORT,
  workers,
}: ServeArguments): Promise<RunningService> {
  requireDemoAllowed(workers);
  print(`No config.json in ${process.cwd()}: starting the local demo …`);
  const fail = (error: unknown): never => {
    throw demoPortError(error, { port });
  };
  const tenant = await loadEmulator(port + 1).catch(fail);
  const config = demoConfig(tenant, port);
  const { log } = output.startLog(config);
  const running = await serve(config, { log, demo: demoSite(tenant) }).catch(async (error) => {
    await tenant.close();
    return fail(error);
  });
  print(demoText(running.url, tenant, createTerminal(process.stderr).paint));
  return {
    async stop() {
      await running.stop();
      await tenant.close();
      print('Stopped.');
    },
  };
}

function requireDemoAllowed(workers: ServeArguments['workers']): void {
  if (workers !== undefined) {
    throw new SignInError(
      'config_invalid',
      'No config.json found. The demo runs as a single process: remove --workers, or add a configuration file.',
    );
  }
  if (process.env['NODE_ENV'] === 'production') {
    throw new SignInError(
      'config_invalid',
      'No config.json found, and the demo does not start with NODE_ENV=production. Add a configuration file, or name it with --config FILE.',
    );
  }
}

async function loadEmulator(port: number): Promise<Emulator> {
  const { createEmulator } = await import('../emulator/emulator.ts');
  return createEmulator({ port });
}
