import { request } from 'undici';

export interface ClientRequest {
  method?: string;
  headers?: Record<string, string>;
  /** A form, or a string whose `content-type` is in `headers`. */
  body?: URLSearchParams | string;
}

/** An HTTP client that keeps the application's cookies, requests pages and follows no redirect. */
export interface Client {
  fetch(path: string, request?: ClientRequest): Promise<Response>;
  get(path: string): Promise<Response>;
}

// The headers of a page navigation. Node's `fetch` cannot send them: it always identifies as a script.
const PAGE_NAVIGATION = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-mode': 'navigate' };

/** Creates a client for the application at `baseUrl`, without a signed-in user. */
export function createClient(baseUrl: string): Client {
  const { origin } = new URL(baseUrl);
  const cookies = new Map<string, string>();
  const send: Client['fetch'] = async (path, { method = 'GET', headers = {}, body } = {}) => {
    const url = new URL(path, origin);
    const isOwn = url.origin === origin;
    const cookie = isOwn && [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const form = body instanceof URLSearchParams;
    const response = await request(url, {
      method,
      headers: {
        ...PAGE_NAVIGATION,
        ...(cookie ? { cookie } : {}),
        ...(method === 'GET' ? {} : { origin }),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: String(body) }),
    });
    const received = Object.entries(response.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((item): [string, string] => [name, item]),
    );
    for (const [name, value] of received) {
      if (isOwn && name === 'set-cookie') storeCookie(cookies, value);
    }
    const text = await response.body.text();
    return new Response(text || null, { status: response.statusCode, headers: received });
  };
  return { fetch: send, get: (path) => send(path) };
}

function storeCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/; */);
  const [name = '', ...value] = pair.split('=');
  const isExpired = attributes.some(
    (attribute) =>
      /^max-age=(0|-.*)$/i.test(attribute) ||
      (/^expires=/i.test(attribute) && Date.parse(attribute.slice('expires='.length)) < Date.now()),
  );
  if (isExpired) cookies.delete(name);
  else cookies.set(name, value.join('='));
}
