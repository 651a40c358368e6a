import { request } from 'undici';

export interface ClientRequest {
  method?: string;
  headers?: Record<string, string>;
  /** A form, or text whose type is among the headers. */
  body?: URLSearchParams | string;
}

/** A browser without pages: keeps the application's cookies, asks as for a page, follows no redirect. */
export interface Client {
  fetch(path: string, request?: ClientRequest): Promise<Response>;
  get(path: string): Promise<Response>;
}

// What a browser sends when somebody opens a page. The `fetch` of Node cannot: it is a script, and says so.
const PAGE_LOAD = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-mode': 'navigate' };

/** A client for the application at `baseUrl`, in which nobody is signed in. */
export function createClient(baseUrl: string): Client {
  const { origin } = new URL(baseUrl);
  const cookies = new Map<string, string>();
  const send: Client['fetch'] = async (path, { method = 'GET', headers = {}, body } = {}) => {
    const url = new URL(path, origin);
    const isOwn = url.origin === origin;
    const cookie = isOwn && [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const form = body instanceof URLSearchParams;
    const answer = await request(url, {
      method,
      headers: {
        ...PAGE_LOAD,
        ...(cookie ? { cookie } : {}),
        ...(method === 'GET' ? {} : { origin }),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: String(body) }),
    });
    const received = Object.entries(answer.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    );
    for (const [name, value] of received) {
      if (isOwn && name === 'set-cookie') keep(cookies, value);
    }
    const text = await answer.body.text();
    return new Response(text || null, { status: answer.statusCode, headers: received });
  };
  return { fetch: send, get: (path) => send(path) };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/; */);
  const [name = '', ...value] = pair.split('=');
  const ended = attributes.some(
    (attribute) =>
      /^max-age=(0|-.*)$/i.test(attribute) ||
      (/^expires=/i.test(attribute) && Date.parse(attribute.slice('expires='.length)) < Date.now()),
  );
  if (ended) cookies.delete(name);
  else cookies.set(name, value.join('='));
}
