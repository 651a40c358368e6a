import { type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { createCounter, createHistogram, type Family, type Snapshot } from './family.ts';

/** The part of Node's `process` that is used here. */
export interface System {
  cpuUsage(): { user: number; system: number };
  memoryUsage: { rss(): number };
}

export interface ProcessMetrics {
  snapshot(): Snapshot;
  close(): void;
}

const RESOLUTION_MS = 10;
const SAMPLE_EVERY_MS = 1_000;

/** Observes the event loop, memory, CPU and HTTP responses of this process. */
export function observeProcess(system: System): ProcessMetrics {
  const loop = watchEventLoop();
  const http = watchHttp();
  const gauge = (name: string, help: string, value: number, merge: Family['merge'] = 'sum') =>
    ({ name, help, type: 'gauge', merge, series: [{ labels: {}, value }] }) satisfies Family;
  return {
    snapshot() {
      const { user, system: kernel } = system.cpuUsage();
      const cpu = gauge(
        'process_cpu_seconds_total',
        'Time on the CPU, user and system.',
        (user + kernel) / 1e6,
      );
      return [
        http.responses.family(),
        gauge('b2c_signin_open_connections', 'Connections that are open.', http.connections()),
        loop.delay.family(),
        { ...cpu, type: 'counter' },
        gauge(
          'process_resident_memory_bytes',
          'Memory that is resident.',
          system.memoryUsage.rss(),
        ),
        gauge(
          'process_start_time_seconds',
          'When the process started, since 1970.',
          performance.timeOrigin / 1_000,
          'min',
        ),
      ];
    },
    close() {
      loop.close();
      http.close();
    },
  };
}

/**
 * Keeps a histogram of the longest delay in each second. Node's monitor accumulates since its last reset; a
 * reset at each scrape would give wrong values when there are two scrapers.
 */
function watchEventLoop() {
  const delay = createHistogram({
    name: 'b2c_signin_event_loop_delay_seconds',
    help: 'The longest delay of the event loop in each second.',
    bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  });
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  const timer = setInterval(() => {
    // The monitor measures the time between two samples, which includes the resolution.
    delay.observe(Math.max(0, monitor.max / 1e9 - RESOLUTION_MS / 1_000));
    monitor.reset();
  }, SAMPLE_EVERY_MS).unref();
  return {
    delay,
    close() {
      clearInterval(timer);
      monitor.disable();
    },
  };
}

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'];

/** Counts by means of Node's diagnostics channels, so that no handler has to count. */
function watchHttp() {
  const responses = createCounter({
    name: 'b2c_signin_http_responses_total',
    help: 'HTTP responses by status class.',
    labels: { status: { known: CLASSES.slice(1) } },
  });
  let open = 0;
  const onResponse: ChannelListener = (message) => {
    const { response } = message as { response: ServerResponse };
    responses.add(CLASSES[Math.floor(response.statusCode / 100) - 1]);
  };
  const onConnection: ChannelListener = (message) => {
    const { socket } = message as { socket: Socket };
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
  };
  subscribe('http.server.response.finish', onResponse);
  subscribe('net.server.socket', onConnection);
  return {
    responses,
    connections: () => open,
    close() {
      unsubscribe('http.server.response.finish', onResponse);
      unsubscribe('net.server.socket', onConnection);
    },
  };
}
