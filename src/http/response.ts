import { ServerResponse } from 'node:http';
import { drainSetCookies } from './cookies.ts';
import type { ReturnTarget } from './return-target.ts';
import type { HeaderList } from './security-headers.ts';

/** Writes complete responses, each with the security headers and, except for files, `no-store`. */
export interface Responder {
  html(response: ServerResponse, status: number, body: string | Buffer, more?: HeaderList): void;
  json(response: ServerResponse, status: number, value: unknown, more?: HeaderList): void;
  /** 303 after a POST or a callback, 302 otherwise (RFC 9110, 15.4). Bodies are empty. */
  redirect(response: ServerResponse, status: 302 | 303, location: ReturnTarget | URL): void;
  empty(response: ServerResponse, status: number, more?: HeaderList): void;
  /** A file whose name changes with its content: caches may keep it for a year. */
  file(response: ServerResponse, contentType: string, body: Buffer): void;
}

const NO_MORE: HeaderList = [];
const VARY = ['Cookie', 'Sec-Fetch-Site', 'Sec-Fetch-Mode', 'Sec-Fetch-Dest'];

/** `varyOfPages`: request headers that pages depend on, in addition to those of every response. */
export function createResponder(
  always: HeaderList,
  { varyOfPages = [] }: { varyOfPages?: readonly string[] } = {},
): Responder {
  const headersFor = (contentType: string, vary: readonly string[] = []) => [
    ...always,
    ...['Cache-Control', 'no-store'],
    ...['Vary', [...VARY, ...vary].join(', ')],
    ...(contentType ? ['Content-Type', contentType] : []),
  ];
  const htmlHeaders = headersFor('text/html; charset=utf-8', varyOfPages);
  const jsonHeaders = headersFor('application/json; charset=utf-8');
  const bareHeaders = headersFor('');

  const send = (
    response: ServerResponse,
    status: number,
    headers: string[],
    body: string | Buffer,
    more: HeaderList = NO_MORE,
  ) => {
    const bytes = Buffer.byteLength(body);
    // 204 and 304 have no body and therefore no length (RFC 9110, 8.6).
    const length = status === 204 || status === 304 ? NO_MORE : ['Content-Length', String(bytes)];
    writeHead(response, status, [...headers, ...more, ...drainSetCookies(response), ...length]);
    // Node sends head and body in one write if both are Latin-1, as most pages are.
    response.end(body, bytes === body.length ? 'latin1' : 'utf8');
  };

  // The gate sends one list with every response of a session, so it is completed once.
  const completed = new WeakMap<HeaderList, string[]>();
  const complete = (more: HeaderList): string[] => {
    const known = completed.get(more);
    if (known) return known;
    const headers = [...bareHeaders, ...more, 'Content-Length', '0'];
    completed.set(more, headers);
    return headers;
  };

  return {
    html: (response, status, body, more = NO_MORE) =>
      send(response, status, htmlHeaders, body, more),
    json: (response, status, value, more = NO_MORE) =>
      send(response, status, jsonHeaders, JSON.stringify(value), more),
    redirect: (response, status, location) =>
      send(response, status, bareHeaders, '', ['Location', String(location)]),
    empty(response, status, more = NO_MORE) {
      if (drainSetCookies(response).length > 0 || status === 204 || status === 304) {
        send(response, status, bareHeaders, '', more);
        return;
      }
      writeHead(response, status, complete(more));
      response.end();
    },
    file: (response, contentType, body) =>
      send(
        response,
        200,
        [
          ...always,
          ...['Cache-Control', 'public, max-age=31536000, immutable'],
          ...['Content-Type', contentType],
        ],
        body,
      ),
  };
}

/**
 * Other middleware may have set headers (helmet, a cookie) or replaced `writeHead` (compression,
 * express-session; older versions corrupt a header list). In that case headers are set one by one: they
 * replace headers of the same name, and cookies are added.
 */
function writeHead(response: ServerResponse, status: number, headers: string[]): void {
  const isOriginal = response.writeHead === ServerResponse.prototype.writeHead;
  if (isOriginal && response.getHeaderNames().length === 0) {
    response.writeHead(status, headers);
    return;
  }
  response.statusCode = status;
  for (const [i, name] of headers.entries()) {
    if (i % 2 === 1) continue;
    const value = String(headers[i + 1]);
    if (name === 'Set-Cookie') response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
}
