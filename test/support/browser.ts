import { Agent, type Dispatcher, request } from 'undici';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The `Location` header, '' without one. */
  location: string;
  setCookies: string[];
  body: string;
}

/** A browser without script: cookies by host, the headers of a page load, no redirect followed. */
export interface Browser {
  cookies: Map<string, string>;
  get(target: string | URL, headers?: Record<string, string>): Promise<Answer>;
  post(
    target: string | URL,
    form?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  send(method: string, target: string | URL, headers?: Record<string, string>): Promise<Answer>;
}

const PAGE_LOAD = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/**
 * `ca`: the authority to trust, in PEM, where `home` has no certificate that Node knows. Many browsers at
 * once are cheaper with the connections of one `dispatcher`.
 */
export function createBrowser(
  home: string,
  { ca, dispatcher: given }: { ca?: string; dispatcher?: Dispatcher } = {},
): Browser {
  const own = given ?? (ca ? new Agent({ connect: { ca } }) : undefined);
  const dispatcher = own ? { dispatcher: own } : {};
  const cookies = new Map<string, string>();
  const { origin } = new URL(home);

  const send = async (
    method: string,
    target: string | URL,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<Answer> => {
    const url = new URL(target, home);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const own = url.origin === origin && cookie ? { cookie } : {};
    const answer = await request(url, {
      method: method as 'GET',
      headers: { ...PAGE_LOAD, ...own, ...headers },
      ...dispatcher,
      ...(body === undefined ? {} : { body }),
    });
    const setCookies = [answer.headers['set-cookie'] ?? []].flat();
    if (url.origin === origin) for (const line of setCookies) keep(cookies, line);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      location: String(answer.headers['location'] ?? ''),
      setCookies,
      body: await answer.body.text(),
    };
  };

  return {
    cookies,
    get: (target, headers) => send('GET', target, headers),
    post: (target, form = {}, headers = {}) =>
      send(
        'POST',
        target,
        {
          'content-type': 'application/x-www-form-urlencoded',
          origin,
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
        new URLSearchParams(form).toString(),
      ),
    send: (method, target, headers) => send(method, target, headers),
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ');
  const name = pair.slice(0, pair.indexOf('='));
  if (attributes.includes('Max-Age=0')) cookies.delete(name);
  else cookies.set(name, pair.slice(name.length + 1));
}
