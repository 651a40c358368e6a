import type { Worker } from 'node:cluster';
import type { AddressInfo } from 'node:net';
import type { App } from '../app/app.ts';
import type { Snapshot } from '../operations/family.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Running } from './serve.ts';
import { startErrorMessage } from './service.ts';

/** What a worker serves with: the configuration as its primary has read it, text by text. */
export interface WorkerOrder {
  /** How it is called in the log. */
  number: number;
  config: string;
  port?: number | undefined;
  /** By their full paths. */
  texts: Record<string, string>;
  /** Refuses to start where nobody could sign in. */
  requireReady: boolean;
}

export type MessageToWorker =
  | { kind: 'start'; order: WorkerOrder }
  | { kind: 'stop' }
  | { kind: 'retire' };

/** What the primary tells operators, where the configuration has `operations`. */
export interface Report {
  snapshot: Snapshot;
  lacks: Awaited<ReturnType<App['readiness']>>;
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

// Nobody asks for numbers more often, and whatever a worker ends of, no more than that is lost.
const REPORT_EVERY_MS = 1_000;

/**
 * The worker's side: it does what its primary says, and ends in order when there is no primary any more.
 * Gives what stops it.
 */
export function runWorker({ channel, open, exit }: WorkerOptions): () => void {
  let starting: Promise<Started | undefined> = Promise.resolve(undefined);
  const print = (message: MessageFromWorker, sent = () => {}) => {
    if (channel.isConnected()) channel.send(message, sent);
    else sent();
  };
  const start = async (order: WorkerOrder) => {
    try {
      const { running, metrics } = await open(order);
      const report = async () => {
        if (!metrics) return;
        const lacks = await running.lacks();
        print({ kind: 'report', report: { snapshot: metrics.snapshot(), lacks } });
      };
      await report();
      print({ kind: 'ready', address: running.address });
      setInterval(() => void report(), REPORT_EVERY_MS).unref();
      return { running, report };
    } catch (error) {
      print({ kind: 'refused', reason: startErrorMessage(error) }, () => exit(1));
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
    // Node would end the process here and now, with what it has under way.
    channel.exitedAfterDisconnect = true;
    void end('retire');
  });
  print({ kind: 'waiting' });
  return stop;
}

interface Started {
  running: Running;
  report(): Promise<void>;
}
