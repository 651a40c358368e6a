import { policyPath } from '../config/paths.ts';
import { didYouMean } from '../did-you-mean.ts';

/**
 * A client that keeps the application's cookies: `createClient()`, a supertest agent, or Playwright's
 * `APIRequestContext`, which its pages and contexts have.
 */
interface HttpClient {
  get(url: string, options?: never): PromiseLike<object>;
}

export interface SignInAsOptions {
  /** Key of a policy in the configuration. Default: `signIn`. */
  policy?: string;
  /** Claims of the ID token in addition to the account's claims, which they override. */
  claims?: Record<string, unknown>;
  /** Query parameters of the policy's route, such as an `id_token_hint` that it has in `passThrough`. */
  parameters?: Record<string, string>;
  /** `routes.prefix` of the configuration. Default: `/auth`. */
  prefix?: string;
  /** URL of the application, for a Playwright context without `baseURL`. */
  baseUrl?: string;
}

// After a password reset, the user signs in.
const MAX_POLICIES = 5;

/**
 * Signs a user in without the tenant's pages. Afterwards, the client has a session of the application.
 * The requests go through the application's routes, as in a browser.
 * @throws Error if the sign-in fails
 */
export async function signInAs(
  client: HttpClient | { request: HttpClient },
  account: string,
  options: SignInAsOptions = {},
): Promise<void> {
  const httpClient = toHttpClient(client);
  rejectUnknownOptions(options);
  const { policy = 'signIn', claims = {}, parameters = {}, prefix = '/auth', baseUrl } = options;
  const visit = async (path: string): Promise<string> => {
    const url = baseUrl ? new URL(path, baseUrl).href : path;
    const response = await httpClient.get(url, { maxRedirects: 0 } as never);
    const { status, location } = readResponse(response);
    if (location) return location;
    throw new Error(`the sign-in of ${account} ended at ${path.split('?')[0]} with ${status}`);
  };
  const query = new URLSearchParams(parameters).toString();
  let location = await visit(`${policyPath(prefix, policy)}${query && `?${query}`}`);
  for (let count = 0; URL.canParse(location); count += 1) {
    if (count === MAX_POLICIES)
      throw new Error(`the sign-in started more than ${MAX_POLICIES} policies`);
    const { pathname, search } = new URL(await authorize(location, { as: account, claims }));
    location = await visit(pathname + search);
  }
}

// Tests are often JavaScript, without a compiler that reports the wrong type.
function toHttpClient(client: unknown): HttpClient {
  const { get, request } = (client ?? {}) as { get?: unknown; request?: Partial<HttpClient> };
  const candidate = get ? client : request;
  if (typeof (candidate as Partial<HttpClient> | undefined)?.get === 'function') {
    return candidate as HttpClient;
  }
  throw new TypeError(
    'signInAs(client, …) requires createClient(url), a supertest agent, or a Playwright page, context or request',
  );
}

const OPTIONS = {
  policy: true,
  claims: true,
  parameters: true,
  prefix: true,
  baseUrl: true,
} as const satisfies {
  [Name in keyof SignInAsOptions]-?: true;
};

function rejectUnknownOptions(options: SignInAsOptions): void {
  const known = Object.keys(OPTIONS);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`signInAs has no option "${unknown}"${didYouMean(unknown, known)}`);
}

/** Has the tenant respond to an authorization request without pages. Returns the callback URL. */
async function authorize(
  authorizationUrl: string,
  signIn: { as: string; claims: Record<string, unknown> },
): Promise<string> {
  const response = await fetch(new URL('/_emulator/authorize', authorizationUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: authorizationUrl, ...signIn }),
  });
  if (response.ok) return ((await response.json()) as { location: string }).location;
  const { origin } = new URL(authorizationUrl);
  const text = (await response.text()).slice(0, 300);
  throw new Error(`${origin} did not sign in ${signIn.as}: ${response.status} ${text}`);
}

type Lazy<T> = T | (() => T);

/** `fetch` and supertest have properties, Playwright has methods. */
function readResponse(response: object): { status: number; location: string | undefined } {
  const { status, headers } = response as {
    status: Lazy<number>;
    headers: Lazy<Headers | Record<string, string>>;
  };
  const bind = <T>(value: Lazy<T>): T =>
    typeof value === 'function' ? (value as () => T).call(response) : value;
  const all = bind(headers);
  const location = all instanceof Headers ? all.get('location') : all['location'];
  return { status: bind(status), location: location ?? undefined };
}
