import type { AddressInfo } from 'node:net';
import { type App, type AppOptions, createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { createHttpServer, type HttpLimits } from '../http/server.ts';
import { listenForOperators, type OperationsListener } from '../operations/listener.ts';
import type { Metrics } from '../operations/metrics.ts';

export interface Running {
  /** The public address. */
  url: string;
  address: AddressInfo;
  /** Stops accepting, finishes what runs within `graceMs`, and lets go of everything. */
  stop(graceMs: number): Promise<void>;
}

export interface ServeOptions extends AppOptions {
  limits?: Partial<HttpLimits>;
  /** What counts, where the configuration has `operations`. */
  metrics?: Metrics | undefined;
}

/** Listens and answers with the application. @throws the system's error when it cannot listen */
export async function serve(config: Config, options: ServeOptions): Promise<Running> {
  const app: App = await createApp(config, options);
  const { host, port, tls } = config.listen;
  const server = createHttpServer({
    listener: app.listener,
    headers: app.headers,
    tls,
    limits: options.limits,
  });
  const address = await server.listen(port, host).catch(async (error) => {
    await app.close();
    throw error;
  });
  const operations = await startOperations(config, options.metrics, app).catch(async (error) => {
    await server.stop(0);
    await app.close();
    throw error;
  });
  void app.preload();
  return {
    url: config.baseUrl.origin,
    address,
    async stop(graceMs) {
      await server.stop(graceMs);
      await app.close();
      await operations?.stop(0);
    },
  };
}

async function startOperations(
  { operations }: Config,
  metrics: Metrics | undefined,
  app: App,
): Promise<OperationsListener | undefined> {
  if (!operations || !metrics) return undefined;
  metrics.watchSessions(app.countSessions);
  return listenForOperators(operations, {
    snapshots: () => [metrics.snapshot()],
    health: app.listener,
  });
}
