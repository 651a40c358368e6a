import type { Config } from '../config/config.ts';
import type { LineLevel, Log, LogEvent, LogFields } from '../log/log.ts';
import { eventMetrics } from './event-metrics.ts';
import { createCounter, createHistogram, type Snapshot } from './family.ts';
import { observeProcess, type System } from './process-metrics.ts';

/** What has happened, counted. */
export interface Metrics {
  /** A log that counts what it is told, at every level, and hands it on. */
  log(log: Log): Log;
  /** Where the number of sessions comes from: `undefined` where that is not known at no cost. */
  watchSessions(count: () => number | undefined): void;
  snapshot(): Snapshot;
  close(): void;
}

export interface MetricsOptions {
  version: string;
  /** Its policies and codes are there from the start; others come when there is something to count. */
  config: Pick<Config, 'tenants'>;
  system: System;
}

/**
 * Counts from the events of the log: what happens is said once, and is a line and a number. So the
 * rest of the program knows nothing of metrics, and without them nothing is counted.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const events = createCounter({
    name: 'b2c_signin_events_total',
    help: 'Events of the log, whether they were written or not.',
    labels: { event: {} },
  });
  const { families, count } = createCounts(options.config);
  const own = observeProcess(options.system);
  let countSessions: () => number | undefined = () => undefined;

  return {
    log(log) {
      const at = (level: LineLevel) => (event: LogEvent, fields?: LogFields) => {
        events.add(event);
        count(event, fields);
        log[level](event, fields);
      };
      return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    },
    watchSessions(from) {
      countSessions = from;
    },
    snapshot: () => [
      infoOf(options.version),
      events.family(),
      ...families(),
      sessionsOf(countSessions()),
      ...own.snapshot(),
    ],
    close: own.close,
  };
}

type Count = (fields: LogFields) => void;

function createCounts(config: MetricsOptions['config']) {
  const on = new Map<LogEvent, Count[]>();
  const metrics = eventMetrics(config).map(({ bounds, events, ...about }) => {
    const counter = createCounter(about);
    const histogram = bounds && createHistogram({ ...about, bounds });
    for (const [event, labelsOf] of Object.entries(events)) {
      const count: Count = (fields) => {
        const labels = labelsOf(fields);
        if (!labels) return;
        if (histogram) histogram.observe((fields.durationMs ?? 0) / 1_000, ...labels);
        else counter.add(...labels);
      };
      on.set(event as LogEvent, [...(on.get(event as LogEvent) ?? []), count]);
    }
    return histogram ?? counter;
  });
  return {
    families: () => metrics.map((metric) => metric.family()),
    count(event: LogEvent, fields: LogFields = {}) {
      for (const count of on.get(event) ?? []) count(fields);
    },
  };
}

const infoOf = (version: string): Snapshot[number] => ({
  name: 'b2c_signin_build_info',
  help: 'Always 1: which version this is.',
  type: 'gauge',
  merge: 'max',
  series: [{ labels: { version }, value: 1 }],
});

const sessionsOf = (value: number | undefined): Snapshot[number] => ({
  name: 'b2c_signin_sessions',
  help: 'Sessions in the memory of this process, some that have just expired among them.',
  type: 'gauge',
  series: value === undefined ? [] : [{ labels: {}, value }],
});
