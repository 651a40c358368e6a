import type { Agent, Dispatcher } from 'undici';
import { createAgent } from '../oidc/outbound.ts';

/** An answer with what the server itself never looks at: the date, and where a redirect leads. */
export interface Answer {
  status: number;
  type: string;
  location: string | undefined;
  /** The clock of the other side minus ours. */
  clockOffsetMs: number | undefined;
  text: string;
}

/** Why there is none: the name of a network fault, such as `ECONNREFUSED`. */
export interface Failure {
  failure: string;
}

export interface Probe {
  get(url: URL | string): Promise<Answer | Failure>;
  head(url: URL | string): Promise<Answer | Failure>;
  close(): Promise<void>;
}

/** Asks as the server does, with its limits, and tells more of the answer. Follows no redirect. */
export function createProbe({ timeoutMs, now }: { timeoutMs: number; now: () => number }): Probe {
  const agent = createAgent({ timeoutMs, maxConnections: 4 });
  const asking = (method: 'GET' | 'HEAD') => async (url: URL | string) => {
    const { origin, pathname, search } = new URL(url);
    const pool = await agent.load();
    const signal = AbortSignal.timeout(timeoutMs);
    const request = { origin, path: pathname + search, method, signal };
    return ask(pool, request, now).catch((error) => ({ failure: nameOf(error) }));
  };
  return {
    get: asking('GET'),
    head: asking('HEAD'),
    close: () => agent.destroy(),
  };
}

async function ask(
  agent: Agent,
  request: Dispatcher.RequestOptions,
  now: () => number,
): Promise<Answer> {
  const before = now();
  const headers = {
    accept: 'application/json, text/html;q=0.5',
    'user-agent': 'b2c-signin doctor',
  };
  const answer = await agent.request({ ...request, headers });
  const after = now();
  const text = await answer.body.text();
  const said = Date.parse(String(answer.headers['date']));
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type'] ?? ''),
    location: answer.headers['location'] as string | undefined,
    // Its seconds have no fraction: in the middle it is half of one more.
    clockOffsetMs: Number.isNaN(said) ? undefined : said + 500 - (before + after) / 2,
    text,
  };
}

function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : String(name);
}

export const isFailure = (result: Answer | Failure): result is Failure => 'failure' in result;
