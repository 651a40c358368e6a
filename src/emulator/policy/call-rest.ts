/** Sends the requests of REST profiles to the computer itself, or to where `rest` maps them. */
import * as http from 'node:http';
import * as https from 'node:https';
import { JourneyError } from './claims-error.ts';
import { RestError, type RestRequest, type RestResponse } from './rest-call.ts';

export interface RestAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** Answers in the place of a REST API: with a status and a body, or with the members of the body. */
export type RestStub = (
  request: RestRequest,
) => RestAnswer | Record<string, unknown> | Promise<RestAnswer | Record<string, unknown>>;

/** By the start of a URL: the URL that replaces it, or a function that answers. The longest applies. */
export type RestTargets = Readonly<Record<string, string | RestStub>>;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.+\.localhost)$/;
/** As in B2C. */
const TIMEOUT_MS = 30_000;
const MAX_RESPONSE_BYTES = 1024 * 1024;

/** @throws JourneyError if neither the address is on loopback nor `targets` has it, RestError if nothing answers */
export async function callRest(
  request: RestRequest,
  targets: RestTargets,
  timeoutMs = TIMEOUT_MS,
): Promise<RestResponse> {
  if (!URL.canParse(request.url)) throw new JourneyError(`${request.url} is not a URL.`);
  const { href, hostname, origin } = new URL(request.url);
  const [start, target] = findTarget(href, targets);
  if (typeof target === 'function') return stubResponse(await target(request));
  if (target === undefined && !LOOPBACK.test(hostname)) {
    throw new JourneyError(
      `The REST API ${origin} is not on this computer. Add it to "rest": { "${origin}": "http://localhost:…" }.`,
    );
  }
  const url = target === undefined ? href : target.replace(/\/$/, '') + href.slice(start.length);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await send(url, request, signal);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (signal.aborted) throw new RestError('timeout', `no response within ${timeoutMs} ms`);
    throw new RestError(UNKNOWN_HOST.includes(code) ? 'unknown-host' : 'no-connection', message);
  }
}

/** The URL on this computer that stands for a URL, or `undefined`. */
export function localAddress(
  url: string,
  targets: Readonly<Record<string, string>>,
): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { href, hostname } = new URL(url);
  const [start, target] = findTarget(href, targets);
  if (typeof target === 'string') return target.replace(/\/$/, '') + href.slice(start.length);
  return LOOPBACK.test(hostname) ? href : undefined;
}

function findTarget(url: string, targets: RestTargets): [string, string | RestStub | undefined] {
  const matches = Object.entries(targets)
    .map(([start, target]): [string, string | RestStub] => [start.replace(/\/$/, ''), target])
    .filter(([start]) => url.startsWith(start) && /^($|[/?#])/.test(url.slice(start.length)));
  return matches.sort(([one], [other]) => other.length - one.length)[0] ?? ['', undefined];
}

function stubResponse(answer: RestAnswer | Record<string, unknown>): RestResponse {
  const isAnswer = typeof answer['status' as keyof typeof answer] === 'number';
  const { status, body } = isAnswer ? (answer as RestAnswer) : { status: 200, body: answer };
  return { status, body: typeof body === 'string' ? body : JSON.stringify(body ?? {}) };
}

const UNKNOWN_HOST = ['ENOTFOUND', 'EAI_AGAIN'];

async function send(url: string, request: RestRequest, signal: AbortSignal): Promise<RestResponse> {
  const { method, headers, body, clientCertificate } = request;
  const options = { method, headers, signal, ...clientCertificate };
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const { request: create } = url.startsWith('https:') ? https : http;
    const outgoing = create(url, options, resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_RESPONSE_BYTES) throw new Error('the response is too large');
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
}
