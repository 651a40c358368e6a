import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '../app/app.ts';
import type { Config } from '../config/config.ts';
import { createHttpServer, type HttpLimits } from '../http/server.ts';
import { type OperationsListener, startOperationsListener } from '../operations/listener.ts';
import type { Metrics } from '../operations/metrics.ts';
import { createGenerations, type GenerationOptions, type Generations } from './generations.ts';
import { keyPairErrors, reloadErrors, requireNoIssues } from './reload.ts';

export interface Running {
  /** The public address. */
  url: string;
  address: AddressInfo;
  readiness: App['readiness'];
  /**
   * Replaces the configuration, completely or not at all. No session, sign-in or request is lost.
   * @throws SignInError, or an error of the templates; the server then keeps its configuration
   */
  reload(config: Config): Promise<void>;
  /** Is not ready for `stop.drainSeconds`, then finishes in-flight requests and closes everything. */
  stop(graceMs?: number): Promise<void>;
  /** Finishes in-flight requests while another process takes over: ready until the end. */
  retire(): Promise<void>;
}

export interface ServeOptions extends Omit<GenerationOptions, 'isStopping'> {
  limits?: Partial<HttpLimits>;
  /** Present if the configuration has `operations`. */
  metrics?: Metrics | undefined;
}

/**
 * Listens and serves an application. A reload replaces the application and keeps the listener; each
 * request is finished by the application that received it.
 * @throws the system's error when it cannot listen
 */
export async function serve(
  config: Config,
  { limits, metrics, ...options }: ServeOptions,
): Promise<Running> {
  requireNoIssues(keyPairErrors(config));
  let stopping = false;
  const isStopping = () => stopping;
  const generations = await createGenerations(config, { ...options, isStopping });
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    generations.current.app.listener(request, response);
  const { headers } = generations.current.app;
  const { host, port, tls } = config.listen;
  const server = createHttpServer({ listener, headers, tls, limits });
  const finish = async (graceMs: number, options: { gently: boolean }) => {
    await server.stop(graceMs, options);
    await generations.closeAll();
    await operations?.stop(0);
  };
  let operations: OperationsListener | undefined;
  const address = await server.listen(port, host).catch(async (error) => {
    await generations.closeAll();
    throw error;
  });
  operations = await startOperations(config, metrics, generations).catch(async (error) => {
    await finish(0, { gently: false });
    throw error;
  });
  void generations.current.app.preload();

  const times = () => generations.current.config.stop;
  return {
    url: config.baseUrl.origin,
    address,
    readiness: () => generations.current.app.readiness(),
    async reload(next) {
      requireNoIssues(reloadErrors(generations.current.config, next));
      await generations.replace(next);
      if (next.listen.tls) server.exchangeKeyPair(next.listen.tls);
    },
    async stop(graceMs = times().graceSeconds * 1_000) {
      stopping = true;
      server.drain();
      const drainMs = times().drainSeconds * 1_000;
      if (drainMs > 0) await delay(drainMs);
      await finish(graceMs, { gently: false });
    },
    retire: () => finish(times().graceSeconds * 1_000, { gently: true }),
  };
}

async function startOperations(
  { operations }: Config,
  metrics: Metrics | undefined,
  generations: Generations,
): Promise<OperationsListener | undefined> {
  if (!operations || !metrics) return undefined;
  metrics.watchSessions(() => generations.current.app.countSessions());
  return startOperationsListener(operations, {
    snapshots: () => [metrics.snapshot()],
    health: (request, response) => generations.current.app.listener(request, response),
  });
}
