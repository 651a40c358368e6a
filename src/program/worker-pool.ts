import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SignInError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { countsOf, mergeSnapshots } from '../operations/exposition.ts';
import type { Snapshot } from '../operations/family.ts';
import type { MessageFromWorker, MessageToWorker, Report, WorkerOrder } from './worker.ts';

/** What all workers serve with. */
export type WorkerConfig = Omit<WorkerOrder, 'number' | 'requireReady'>;

/** A number of workers, each of which another one follows when it ends. */
export interface WorkerPool {
  /** @throws SignInError with the reason of the first one that cannot */
  start(order: WorkerConfig): Promise<AddressInfo>;
  /**
   * One after the other gives way to one with another order, which listens before the old one lets go.
   * @throws SignInError with the reason why the first new one cannot; then the old ones stay
   */
  exchange(order: WorkerConfig): Promise<void>;
  forwardSignal(signal: NodeJS.Signals): void;
  /** The last words of each. */
  reports(): Report[];
  countsOfEnded(): Snapshot;
  /** Ends them in order, or after their time in any case. */
  stop(): Promise<void>;
}

export interface WorkerPoolOptions {
  count: number;
  log: Log;
  /** How long a worker may take to end in order. */
  limitMs: () => number;
  /** When workers end as soon as they start, again and again. */
  giveUp(reason: string): void;
}

interface Slot {
  number: number;
  worker?: Worker | undefined;
  /** How many in a row ended soon after they had started. */
  earlyExits: number;
  /** One thing at a time happens to a slot. */
  turn: Promise<unknown>;
}

const EARLY_EXIT_MS = 10_000;
const MAX_QUICK_ENDS = 4;
const PAUSE_MS = 100;

export function createWorkerPool({ count, log, limitMs, giveUp }: WorkerPoolOptions): WorkerPool {
  let order: WorkerConfig;
  let stopping = false;
  const books = createWorkerStats();
  const slots = Array.from(
    { length: count },
    (_, i): Slot => ({ number: i + 1, earlyExits: 0, turn: Promise.resolve() }),
  );
  const inTurn = <T>(slot: Slot, work: () => Promise<T>): Promise<T> => {
    const done = slot.turn.then(work);
    slot.turn = done.catch(() => {});
    return done;
  };
  const launch = async ({ number }: Slot, what: WorkerConfig, requireReady = false) => {
    if (stopping) throw new SignInError('config_invalid', 'the server is stopping');
    const worker = cluster.fork();
    books.keep(worker);
    return launchWorker(worker, { ...what, number, requireReady }, () => stopping);
  };

  /** Tries until one starts, with longer and longer pauses. */
  const launchAgain = async (slot: Slot): Promise<Worker> => {
    while (slot.earlyExits <= MAX_QUICK_ENDS) {
      await delay(PAUSE_MS * (2 ** slot.earlyExits - 1));
      try {
        return (await launch(slot, order)).worker;
      } catch (error) {
        if (stopping) throw error;
        slot.earlyExits += 1;
        log.error('worker_exited', { worker: slot.number, detail: (error as Error).message });
      }
    }
    const reason = `worker ${slot.number} ended ${slot.earlyExits} times in a row, see the log`;
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
        if (slot.worker === worker) adopt(slot, await launchAgain(slot));
      }).catch(() => {});
    });
  };
  const replace = async (slot: Slot, fresh: Worker) => {
    const old = slot.worker;
    adopt(slot, fresh);
    if (old) await end(old, { kind: 'retire' }, limitMs());
  };

  return {
    async start(what) {
      order = what;
      const [first, ...others] = slots as [Slot, ...Slot[]];
      // Alone, so that what is wrong is said once.
      const { worker, address } = await launch(first, order);
      adopt(first, worker);
      await Promise.all(
        others.map(async (slot) => adopt(slot, (await launch(slot, order)).worker)),
      );
      return address;
    },
    async exchange(what) {
      const [first, ...others] = slots as [Slot, ...Slot[]];
      await inTurn(first, async () => {
        const { worker } = await launch(first, what, true);
        order = what;
        await replace(first, worker);
      });
      for (const slot of others) {
        await inTurn(slot, async () => {
          slot.earlyExits = 0;
          await replace(slot, await launchAgain(slot));
        });
      }
    },
    forwardSignal(signal) {
      for (const { worker } of slots) worker?.kill(signal);
    },
    reports: books.reports,
    countsOfEnded: books.countsOfEnded,
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
        print(worker, isStopping() ? { kind: 'stop' } : { kind: 'start', order });
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

/** Keeps what workers report, and of those that have ended what must never go down. */
function createWorkerStats() {
  const reports = new Map<Worker, Report>();
  let ended: Snapshot = [];
  return {
    keep(worker: Worker) {
      worker.on('message', (message: MessageFromWorker) => {
        if (message.kind === 'report') reports.set(worker, message.report);
      });
      worker.once('exit', () => {
        const last = reports.get(worker);
        reports.delete(worker);
        if (last) ended = mergeSnapshots([ended, countsOf(last.snapshot)]);
      });
    },
    reports: () => [...reports.values()],
    countsOfEnded: () => ended,
  };
}

const describeExit = (code: number | null, signal: string | null) =>
  signal ? `ended by ${signal}` : `ended with exit code ${code}`;

const print = (worker: Worker, message: MessageToWorker) => {
  // One that is about to end may have closed its side.
  if (worker.isConnected()) worker.send(message, () => {});
};

async function end(worker: Worker, message: MessageToWorker, limitMs: number): Promise<void> {
  if (worker.isDead()) return;
  const ended = once(worker, 'exit');
  print(worker, message);
  const timer = setTimeout(() => worker.kill('SIGKILL'), limitMs);
  await ended;
  clearTimeout(timer);
}
