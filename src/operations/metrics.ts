import type { Config } from '../config/config.ts';
import type { LineLevel, Log, LogEvent, LogFields } from '../log/log.ts';
import { eventMetrics } from './event-metrics.ts';
import { createCounter, createHistogram, type Snapshot } from './family.ts';
import { observeProcess, type System } from './process-metrics.ts';

/** The metrics of one process. */
export interface Metrics {
  /** Returns a log that counts every event, at every level, and forwards it. */
  log(log: Log): Log;
  /** Sets the function that returns the number of sessions, or `undefined` if that is unknown. */
  watchSessions(count: () => number | undefined): void;
  snapshot(): Snapshot;
  close(): void;
}

export interface MetricsOptions {
  version: string;
  /** Series of its policies and codes exist from the start, others from the first count. */
  config: Pick<Config, 'tenants'>;
  system: System;
}

/**
 * Counts log events, so that other modules do not depend on metrics. Without `operations`, nothing is
 * counted.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const events = createCounter({
    name: 'b2c_signin_events_total',
    help: 'Events of the log, whether they were written or not.',
    labels: { event: {} },
  });
  const { families, count } = createCounts(options.config);
  const processMetrics = observeProcess(options.system);
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
      buildInfo(options.version),
      events.family(),
      ...families(),
      sessionGauge(countSessions()),
      ...processMetrics.snapshot(),
    ],
    close: processMetrics.close,
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

const buildInfo = (version: string): Snapshot[number] => ({
  name: 'b2c_signin_build_info',
  help: 'Always 1; the label is the version.',
  type: 'gauge',
  merge: 'max',
  series: [{ labels: { version }, value: 1 }],
});

const sessionGauge = (value: number | undefined): Snapshot[number] => ({
  name: 'b2c_signin_sessions',
  help: 'Sessions in the memory of this process, including recently expired ones.',
  type: 'gauge',
  series: value === undefined ? [] : [{ labels: {}, value }],
});
