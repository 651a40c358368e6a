import type { Worker } from 'node:cluster';
import type { AddressInfo } from 'node:net';
import type { App } from '../app/app.ts';
import type { Snapshot } from '../operations/family.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Running } from './serve.ts';
import { startErrorMessage } from './service.ts';

/** The configuration files of a worker, as the primary read them. */
export interface WorkerOrder {
  /** Its number in the log. */
  number: number;
  config: string;
  port?: number | undefined;
  /** The text of each file, by full path. */
  texts: Record<string, string>;
  /** Fails to start if users could not sign in. */
  requireReady: boolean;
}

export type MessageToWorker =
  | { kind: 'start'; order: WorkerOrder }
  | { kind: 'stop' }
  | { kind: 'retire' };

/** The part of a worker in what the primary serves to operators, if the configuration has `operations`. */
export interface Report {
  snapshot: Snapshot;
  readiness: Awaited<ReturnType<App['readiness']>>;
}

export type MessageFromWorker =
  | { kind: 'waiting' }
  | { kind: 'ready'; address: AddressInfo }
  | { kind: 'report'; report: Report }
  | { kind: 'refused'; reason: string };

export interface WorkerOptions {
  channel: Worker;
  open(order: WorkerOrder): Promise<{ running: Running; metrics: Metrics | undefined }>;
  exit(code: number): void;
}

// Scrapers send requests less often, and a worker that crashes loses the counts of at most this time.
const REPORT_EVERY_MS = 1_000;

/**
 * The worker's side: it follows the messages of its primary, and stops gracefully when the primary is gone.
 * Returns a function that stops it.
 */
export function runWorker({ channel, open, exit }: WorkerOptions): () => void {
  let starting: Promise<Started | undefined> = Promise.resolve(undefined);
  const send = (message: MessageFromWorker, sent = () => {}) => {
    if (channel.isConnected()) channel.send(message, sent);
    else sent();
  };
  const start = async (order: WorkerOrder) => {
    try {
      const { running, metrics } = await open(order);
      const report = async () => {
        if (!metrics) return;
        const readiness = await running.readiness();
        send({ kind: 'report', report: { snapshot: metrics.snapshot(), readiness } });
      };
      await report();
      send({ kind: 'ready', address: running.address });
      setInterval(() => void report(), REPORT_EVERY_MS).unref();
      return { running, report };
    } catch (error) {
      send({ kind: 'refused', reason: startErrorMessage(error) }, () => exit(1));
      return undefined;
    }
  };
  const end = async (how: 'stop' | 'retire') => {
    const started = await starting;
    await started?.running[how]();
    await started?.report();
    exit(0);
  };
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void end('stop');
  };
  channel.on('message', (message: MessageToWorker) => {
    if (message.kind === 'start') starting = start(message.order);
    else if (message.kind === 'stop') stop();
    else void end('retire');
  });
  channel.once('disconnect', () => {
    // Otherwise Node exits at once, with requests in flight.
    channel.exitedAfterDisconnect = true;
    void end('retire');
  });
  send({ kind: 'waiting' });
  return stop;
}

interface Started {
  running: Running;
  report(): Promise<void>;
}
