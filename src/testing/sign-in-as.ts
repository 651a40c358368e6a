import { policyPath } from '../config/paths.ts';
import { didYouMean } from '../did-you-mean.ts';

/**
 * What asks the application and keeps its cookies: `createClient()`, an agent of supertest, or
 * Playwright's `APIRequestContext`, which its pages and contexts have.
 */
interface Asking {
  get(address: string, options?: never): PromiseLike<object>;
}

export interface SignInAsOptions {
  /** The key of a policy of the configuration, `signIn` unless told otherwise. */
  policy?: string;
  /** Claims that the ID token has besides, or in the place of the account's own. */
  claims?: Record<string, unknown>;
  /** `routes.prefix` of the configuration. */
  prefix?: string;
  /** Where the application is, for a Playwright context without `baseURL`. */
  baseUrl?: string;
}

// The reset of a password leads on to signing in.
const MAX_POLICIES = 5;

/**
 * Signs somebody in, as if he had gone through the tenant's pages: afterwards the browser has the
 * application's session. It takes the way of any browser, through the routes of the application.
 * @throws Error when the sign-in does not come to a good end
 */
export async function signInAs(
  browser: Asking | { request: Asking },
  account: string,
  options: SignInAsOptions = {},
): Promise<void> {
  const asking = askingOf(browser);
  refuseUnknown(options);
  const { policy = 'signIn', claims = {}, prefix = '/auth', baseUrl } = options;
  const visit = async (path: string): Promise<string> => {
    const address = baseUrl ? new URL(path, baseUrl).href : path;
    const answer = await asking.get(address, { maxRedirects: 0 } as never);
    const { status, location } = read(answer);
    if (location) return location;
    throw new Error(`the sign-in of ${account} ended at ${path.split('?')[0]} with ${status}`);
  };
  let location = await visit(policyPath(prefix, policy));
  for (let count = 0; URL.canParse(location); count += 1) {
    if (count === MAX_POLICIES) throw new Error('the sign-in leads from policy to policy');
    const { pathname, search } = new URL(await authorize(location, { as: account, claims }));
    location = await visit(pathname + search);
  }
}

// Tests are often JavaScript, where nothing else says so.
function askingOf(browser: unknown): Asking {
  const { get, request } = (browser ?? {}) as { get?: unknown; request?: Partial<Asking> };
  const asking = get ? browser : request;
  if (typeof (asking as Partial<Asking> | undefined)?.get === 'function') return asking as Asking;
  throw new TypeError(
    'signInAs(browser, …) wants createClient(url), an agent of supertest, or a page, context or request of Playwright',
  );
}

const OPTIONS = { policy: true, claims: true, prefix: true, baseUrl: true } as const satisfies {
  [Name in keyof SignInAsOptions]-?: true;
};

function refuseUnknown(options: SignInAsOptions): void {
  const known = Object.keys(OPTIONS);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`signInAs has no option "${unknown}"${didYouMean(unknown, known)}`);
}

/** Lets the tenant answer an authorization request without showing pages; gives the callback. */
async function authorize(
  authorizationUrl: string,
  how: { as: string; claims: Record<string, unknown> },
): Promise<string> {
  const answer = await fetch(new URL('/_emulator/authorize', authorizationUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: authorizationUrl, ...how }),
  });
  if (answer.ok) return ((await answer.json()) as { location: string }).location;
  const { origin } = new URL(authorizationUrl);
  const said = (await answer.text()).slice(0, 300);
  throw new Error(`${origin} does not sign in ${how.as}: ${answer.status} ${said}`);
}

type Lazy<T> = T | (() => T);

/** `fetch` and supertest have values where Playwright has functions. */
function read(answer: object): { status: number; location: string | undefined } {
  const { status, headers } = answer as {
    status: Lazy<number>;
    headers: Lazy<Headers | Record<string, string>>;
  };
  const bind = <T>(value: Lazy<T>): T =>
    typeof value === 'function' ? (value as () => T).call(answer) : value;
  const all = bind(headers);
  const location = all instanceof Headers ? all.get('location') : all['location'];
  return { status: bind(status), location: location ?? undefined };
}
