import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

// One leading slash, then no backslash, control character or fragment: every parser on the way reads
// the same path, so a target that matches needs no normalization later.
const UNAMBIGUOUS_TARGET = /^\/(?![/\\])[^\\#\u0000-\u0020\u007f-\uffff]*$/;

/** The request target as the browser sent it: Connect and Express remove their mount path from `url`. */
export function getRequestTarget(request: IncomingMessage & { originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '';
}

/** Whether a request target is a path, with or without query, that every parser reads the same way. */
export const isUnambiguousTarget = (target: string): boolean => UNAMBIGUOUS_TARGET.test(target);

/**
 * The path of the request target, not decoded and without the query; `undefined` for absolute,
 * scheme-relative and other ambiguous targets.
 */
export function findPath(request: IncomingMessage): string | undefined {
  const target = getRequestTarget(request);
  if (!isUnambiguousTarget(target)) return undefined;
  const queryStart = target.indexOf('?');
  return queryStart === -1 ? target : target.slice(0, queryStart);
}

/** Like `findPath`. @throws {HttpError} `bad_request` for an ambiguous target */
export function requirePath(request: IncomingMessage): string {
  const path = findPath(request);
  if (path === undefined) throw new HttpError('bad_request', 'ambiguous request target');
  return path;
}

/** The query parameters of the request target; empty without a query. */
export function parseQuery(request: IncomingMessage): URLSearchParams {
  const target = getRequestTarget(request);
  const queryStart = target.indexOf('?');
  return new URLSearchParams(queryStart === -1 ? '' : target.slice(queryStart + 1));
}

/** The value of a parameter that occurs exactly once; `undefined` if it is missing or repeated. */
export function singleValue(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

/** Whether the request has a body (RFC 9112, 6). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * The fields of an `application/x-www-form-urlencoded` body. If a parser of the application has already
 * read the body, the fields come from `request.body`.
 * @throws {HttpError} `unsupported_media_type`, or `body_too_large` above `maxBytes`
 */
export async function parseForm(
  request: IncomingMessage,
  { maxBytes = 16_384 } = {},
): Promise<URLSearchParams> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  // Compressed bodies are rejected: a few bytes could expand to any size.
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (type !== 'application/x-www-form-urlencoded' || encoding !== 'identity') {
    throw new HttpError('unsupported_media_type', 'the body is not a form');
  }
  if (request.readableDidRead) return parsedForm(request);
  return new URLSearchParams((await readBody(request, { maxBytes })).toString('utf8'));
}

/** The fields as the parsers of Connect and Express return them; fields that `qs` has nested are left out. */
function parsedForm({ body }: IncomingMessage & { body?: unknown }): URLSearchParams {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return new URLSearchParams(String(body));
  if (typeof body !== 'object' || body === null) {
    throw new HttpError('bad_request', 'the body was already read, and is not in request.body');
  }
  const fields = Object.entries(body).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((text) => typeof text === 'string')
      .map((text): [string, string] => [name, text]),
  );
  return new URLSearchParams(fields);
}

/**
 * Reads the whole body.
 * @throws {HttpError} `body_too_large` as soon as the declared or received length exceeds `maxBytes`;
 *   `bad_request` if the client disconnects or takes too long
 */
export async function readBody(
  request: IncomingMessage,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  const tooLarge = () => new HttpError('body_too_large', `the body is over ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop must not destroy the connection: the response still needs it.
  const body = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError('bad_request', 'the body is incomplete');
  }
  return Buffer.concat(chunks);
}
