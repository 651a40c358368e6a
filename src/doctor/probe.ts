import type { Agent, Dispatcher } from 'undici';
import { createAgent } from '../oidc/outbound.ts';

/** A response, with parts that the server itself ignores: the date, and the target of a redirect. */
export interface ProbeResponse {
  status: number;
  type: string;
  location: string | undefined;
  /** The clock of the other server minus the local one. */
  clockOffsetMs: number | undefined;
  text: string;
}

/** The code of a network error, such as `ECONNREFUSED`. */
export interface Failure {
  failure: string;
}

export interface Probe {
  get(url: URL | string): Promise<ProbeResponse | Failure>;
  head(url: URL | string): Promise<ProbeResponse | Failure>;
  close(): Promise<void>;
}

/** Sends requests with the limits of the server. Does not follow redirects. */
export function createProbe({ timeoutMs, now }: { timeoutMs: number; now: () => number }): Probe {
  const agent = createAgent({ timeoutMs, maxConnections: 4 });
  const send = (method: 'GET' | 'HEAD') => async (url: URL | string) => {
    const { origin, pathname, search } = new URL(url);
    const pool = await agent.load();
    const signal = AbortSignal.timeout(timeoutMs);
    const options = { origin, path: pathname + search, method, signal };
    return request(pool, options, now).catch((error) => ({ failure: nameOf(error) }));
  };
  return {
    get: send('GET'),
    head: send('HEAD'),
    close: () => agent.destroy(),
  };
}

async function request(
  agent: Agent,
  options: Dispatcher.RequestOptions,
  now: () => number,
): Promise<ProbeResponse> {
  const before = now();
  const headers = {
    accept: 'application/json, text/html;q=0.5',
    'user-agent': 'b2c-signin doctor',
  };
  const response = await agent.request({ ...options, headers });
  const after = now();
  const text = await response.body.text();
  const date = Date.parse(String(response.headers['date']));
  return {
    status: response.statusCode,
    type: String(response.headers['content-type'] ?? ''),
    location: response.headers['location'] as string | undefined,
    // The date has whole seconds; on average, half a second more has passed.
    clockOffsetMs: Number.isNaN(date) ? undefined : date + 500 - (before + after) / 2,
    text,
  };
}

function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : String(name);
}

export const isFailure = (result: ProbeResponse | Failure): result is Failure =>
  'failure' in result;
