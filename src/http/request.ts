import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';

// One leading slash, then no backslash, control character or fragment: the same bytes mean the same
// path to every parser on the way, so nothing that passes here needs to be normalised later.
const PLAIN_TARGET = /^\/(?![/\\])[^\\#\u0000-\u0020\u007f-\uffff]*$/;

/** The request target as the browser sent it: Connect and Express cut the path they mount at off `url`. */
export function getRequestTarget(request: IncomingMessage & { originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '';
}

/** Whether a request target is a path, with or without query, that nobody reads otherwise. */
export const isUnambiguousTarget = (target: string): boolean => PLAIN_TARGET.test(target);

/**
 * The path of the request target, undecoded and without the query; `undefined` for absolute,
 * scheme-relative and other ambiguous targets.
 */
export function findPath(request: IncomingMessage): string | undefined {
  const target = getRequestTarget(request);
  if (!isUnambiguousTarget(target)) return undefined;
  const queryStart = target.indexOf('?');
  return queryStart === -1 ? target : target.slice(0, queryStart);
}

/** The same. @throws SignInError `bad_request` for an ambiguous target */
export function requirePath(request: IncomingMessage): string {
  const path = findPath(request);
  if (path === undefined) throw new SignInError('bad_request', 'ambiguous request target');
  return path;
}

/** The query parameters of the request target; empty when there are none. */
export function parseQuery(request: IncomingMessage): URLSearchParams {
  const target = getRequestTarget(request);
  const queryStart = target.indexOf('?');
  return new URLSearchParams(queryStart === -1 ? '' : target.slice(queryStart + 1));
}

/** The value of a parameter that stands exactly once; `undefined` when it is absent or repeated. */
export function singleValue(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

/** Whether anything comes behind the head (RFC 9112, 6). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * The fields of an `application/x-www-form-urlencoded` body, be it that a parser in front of us has
 * read it already and left it in `request.body`.
 * @throws SignInError `unsupported_media_type`, or `body_too_large` above `maxBytes`.
 */
export async function parseForm(
  request: IncomingMessage,
  { maxBytes = 16_384 } = {},
): Promise<URLSearchParams> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  // Nothing is unpacked: a few bytes could become any number of them.
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (type !== 'application/x-www-form-urlencoded' || encoding !== 'identity') {
    throw new SignInError('unsupported_media_type', 'the body is not a form');
  }
  if (request.readableDidRead) return parsedForm(request);
  return new URLSearchParams((await readBody(request, { maxBytes })).toString('utf8'));
}

/** What the parsers of Connect and Express make of a form; `qs` nests, but none of our fields. */
function parsedForm({ body }: IncomingMessage & { body?: unknown }): URLSearchParams {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return new URLSearchParams(String(body));
  if (typeof body !== 'object' || body === null) {
    throw new SignInError('bad_request', 'the body was read before, and is not in request.body');
  }
  const fields = Object.entries(body).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(fields);
}

/**
 * The whole body.
 * @throws SignInError `body_too_large` as soon as the declared or the received length passes
 *   `maxBytes`, `bad_request` when the peer goes away or takes too long.
 */
export async function readBody(
  request: IncomingMessage,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  const tooLarge = () => new SignInError('body_too_large', `the body is over ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop must not destroy the connection, which the answer still needs.
  const body = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof SignInError) throw error;
    throw new SignInError('bad_request', 'the body broke off');
  }
  return Buffer.concat(chunks);
}
