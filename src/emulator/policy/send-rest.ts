/** The client of REST APIs. Requests go to this computer only, or where the settings map an address to. */
import http from 'node:http';
import https from 'node:https';
import { isLoopbackUrl } from '../definition/loopback.ts';
import { JourneyError } from './claims-error.ts';
import { RestError, type RestRequest, type RestResponse } from './rest-call.ts';

const MAX_RESPONSE_BYTES = 1024 * 1024;
const UNKNOWN_HOST = ['ENOTFOUND', 'EAI_AGAIN'];

/**
 * `mappings` has the beginning of an address and what replaces it: `https://api.example.com` and
 * `http://localhost:7071`.
 */
export const createRestClient =
  ({ mappings, timeoutMs }: { mappings: Readonly<Record<string, string>>; timeoutMs: number }) =>
  (request: RestRequest): Promise<RestResponse> =>
    sendRest({ ...request, url: mapUrl(request.url, mappings) }, timeoutMs);

function mapUrl(url: string, mappings: Readonly<Record<string, string>>): string {
  const [prefix, target] =
    Object.entries(mappings)
      .filter(([from]) => url.startsWith(from) && /^$|[/?#]/.test(url[from.length] ?? ''))
      .sort(([left], [right]) => right.length - left.length)[0] ?? [];
  if (prefix !== undefined) return `${target}${url.slice(prefix.length)}`;
  if (isLoopbackUrl(url)) return url;
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  throw new JourneyError(
    `The local tenant calls REST APIs on this computer only. Add "${origin}" to customPolicies.rest.`,
  );
}

function sendRest(
  { method, url, headers, body, clientCertificate }: RestRequest,
  timeoutMs: number,
): Promise<RestResponse> {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const outgoing = request(url, { method, headers, signal, agent: false, ...clientCertificate });
    const fail = (error: Error & { code?: string }) => {
      const isUnknown = UNKNOWN_HOST.includes(error.code ?? '');
      const reason = signal.aborted ? 'timeout' : isUnknown ? 'unknown-host' : 'no-connection';
      reject(
        new RestError(
          reason,
          signal.aborted ? `no response within ${timeoutMs} ms` : error.message,
        ),
      );
    };
    outgoing.on('error', fail);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', fail);
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_RESPONSE_BYTES) response.destroy(new Error('the response is too large'));
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.end(body);
  });
}
