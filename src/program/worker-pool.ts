import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SignInError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { mergeSnapshots, selectCounters } from '../operations/exposition.ts';
import type { Snapshot } from '../operations/family.ts';
import type { MessageFromWorker, MessageToWorker, Report, WorkerOrder } from './worker.ts';

/** The configuration of all workers. */
export type WorkerConfig = Omit<WorkerOrder, 'number' | 'requireReady'>;

/** A number of workers; each is replaced when it exits. */
export interface WorkerPool {
  /** @throws SignInError with the reason of the first worker that cannot start */
  start(order: WorkerConfig): Promise<AddressInfo>;
  /**
   * Replaces workers one by one. Each new worker listens before the old one stops.
   * @throws SignInError with the reason why the first new worker cannot start; the old ones then stay
   */
  replace(order: WorkerConfig): Promise<void>;
  forwardSignal(signal: NodeJS.Signals): void;
  /** The last report of each worker. */
  reports(): Report[];
  countsOfExited(): Snapshot;
  /** Stops all workers gracefully, and kills those that exceed their time. */
  stop(): Promise<void>;
}

export interface WorkerPoolOptions {
  count: number;
  log: Log;
  /** How long a worker may take to stop gracefully. */
  limitMs: () => number;
  /** Called when workers repeatedly exit as soon as they start. */
  giveUp(reason: string): void;
}

interface Slot {
  number: number;
  worker?: Worker | undefined;
  /** How many workers in a row exited soon after their start. */
  earlyExits: number;
  /** Serializes the changes of a slot. */
  turn: Promise<unknown>;
}

const EARLY_EXIT_MS = 10_000;
const MAX_EARLY_EXITS = 4;
const RETRY_MS = 100;

export function createWorkerPool({ count, log, limitMs, giveUp }: WorkerPoolOptions): WorkerPool {
  let order: WorkerConfig;
  let stopping = false;
  const stats = createWorkerStats();
  const slots = Array.from(
    { length: count },
    (_, i): Slot => ({ number: i + 1, earlyExits: 0, turn: Promise.resolve() }),
  );
  const inTurn = <T>(slot: Slot, work: () => Promise<T>): Promise<T> => {
    const done = slot.turn.then(work);
    slot.turn = done.catch(() => {});
    return done;
  };
  const launch = async ({ number }: Slot, config: WorkerConfig, requireReady = false) => {
    if (stopping) throw new SignInError('config_invalid', 'the server is stopping');
    const worker = cluster.fork();
    stats.keep(worker);
    return launchWorker(worker, { ...config, number, requireReady }, () => stopping);
  };

  /** Tries until a worker starts, with increasing delays. */
  const relaunch = async (slot: Slot): Promise<Worker> => {
    while (slot.earlyExits <= MAX_EARLY_EXITS) {
      await delay(RETRY_MS * (2 ** slot.earlyExits - 1));
      try {
        return (await launch(slot, order)).worker;
      } catch (error) {
        if (stopping) throw error;
        slot.earlyExits += 1;
        log.error('worker_exited', { worker: slot.number, detail: (error as Error).message });
      }
    }
    const reason = `worker ${slot.number} exited ${slot.earlyExits} times in a row, see the log`;
    giveUp(reason);
    throw new SignInError('config_invalid', reason);
  };
  const adopt = (slot: Slot, worker: Worker) => {
    const startedAt = performance.now();
    slot.worker = worker;
    worker.once('exit', (code, signal) => {
      if (slot.worker !== worker || stopping) return;
      log.error('worker_exited', { worker: slot.number, detail: describeExit(code, signal) });
      slot.earlyExits = performance.now() - startedAt < EARLY_EXIT_MS ? slot.earlyExits + 1 : 0;
      void inTurn(slot, async () => {
        if (slot.worker === worker) adopt(slot, await relaunch(slot));
      }).catch(() => {});
    });
  };
  const replaceWorker = async (slot: Slot, next: Worker) => {
    const old = slot.worker;
    adopt(slot, next);
    if (old) await end(old, { kind: 'retire' }, limitMs());
  };

  return {
    async start(config) {
      order = config;
      const [first, ...others] = slots as [Slot, ...Slot[]];
      // The first one starts alone, so that an error is reported once.
      const { worker, address } = await launch(first, order);
      adopt(first, worker);
      await Promise.all(
        others.map(async (slot) => adopt(slot, (await launch(slot, order)).worker)),
      );
      return address;
    },
    async replace(config) {
      const [first, ...others] = slots as [Slot, ...Slot[]];
      await inTurn(first, async () => {
        const { worker } = await launch(first, config, true);
        order = config;
        await replaceWorker(first, worker);
      });
      for (const slot of others) {
        await inTurn(slot, async () => {
          slot.earlyExits = 0;
          await replaceWorker(slot, await relaunch(slot));
        });
      }
    },
    forwardSignal(signal) {
      for (const { worker } of slots) worker?.kill(signal);
    },
    reports: stats.reports,
    countsOfExited: stats.countsOfExited,
    async stop() {
      stopping = true;
      const all = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      await Promise.all(all.map((worker) => end(worker, { kind: 'stop' }, limitMs())));
    },
  };
}

function launchWorker(
  worker: Worker,
  order: WorkerOrder,
  isStopping: () => boolean,
): Promise<{ worker: Worker; address: AddressInfo }> {
  return new Promise((resolve, reject) => {
    let reason: string | undefined;
    worker.on('message', (message: MessageFromWorker) => {
      if (message.kind === 'waiting') {
        send(worker, isStopping() ? { kind: 'stop' } : { kind: 'start', order });
      } else if (message.kind === 'ready') {
        resolve({ worker, address: message.address });
      } else if (message.kind === 'refused') {
        reason = message.reason;
      }
    });
    worker.once('exit', (code, signal) =>
      reject(new SignInError('config_invalid', reason ?? describeExit(code, signal))),
    );
  });
}

/** Keeps the reports of workers, and the counters of those that exited, because a counter must never decrease. */
function createWorkerStats() {
  const reports = new Map<Worker, Report>();
  let exited: Snapshot = [];
  return {
    keep(worker: Worker) {
      worker.on('message', (message: MessageFromWorker) => {
        if (message.kind === 'report') reports.set(worker, message.report);
      });
      worker.once('exit', () => {
        const last = reports.get(worker);
        reports.delete(worker);
        if (last) exited = mergeSnapshots([exited, selectCounters(last.snapshot)]);
      });
    },
    reports: () => [...reports.values()],
    countsOfExited: () => exited,
  };
}

const describeExit = (code: number | null, signal: string | null) =>
  signal ? `ended by ${signal}` : `ended with exit code ${code}`;

const send = (worker: Worker, message: MessageToWorker) => {
  // A worker that is about to exit may have closed its channel.
  if (worker.isConnected()) worker.send(message, () => {});
};

async function end(worker: Worker, message: MessageToWorker, limitMs: number): Promise<void> {
  if (worker.isDead()) return;
  const ended = once(worker, 'exit');
  send(worker, message);
  const timer = setTimeout(() => worker.kill('SIGKILL'), limitMs);
  await ended;
  clearTimeout(timer);
}
