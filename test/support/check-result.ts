import assert from 'node:assert/strict';
import { beforeEach } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';
import { serve } from '../../dist/program/serve.js';
import { type Application, serveMounted } from './app.js';
import { type Answer, type Browser, createBrowser } from './browser.js';
import { type Faults, type FaultyProvider, startFaultyProvider } from './faulty-provider.js';
import { freePort } from './free-port.js';
import { noteSecrets } from './leak-notes.js';
import { type RecordedLog, recordLog } from './log.js';
import { type Scope, shared } from './shared.js';

/** The application at a faulty provider. */
export interface Case {
  provider: FaultyProvider;
  log: RecordedLog;
  url: string;
  browser(): Browser;
  /** Sets the clocks of both sides. */
  forwardSeconds(seconds: number): void;
  resetClock(): void;
}

export type Verdict =
  | 'accept'
  | 'reject'
  /** And the token endpoint is not asked. */
  | 'reject before the wire'
  /** And the browser is not sent to the provider. */
  | 'stop before the authorization request';

export interface Visit {
  browser: Browser;
  /** Where the browser was sent, '' when it was not. */
  authorizationUrl: string;
  /** Where the provider sent the browser back to. */
  callback: string;
  answer: Answer;
}

const RETURN_TO = '/auth/token_details';
const SESSION = 'b2c-signin';

export interface CaseOptions {
  /** The provider takes the secret in the Authorization header alone. */
  basic?: boolean;
  scopes?: string[];
  /** Another kind of tenant than Azure AD B2C, without policies. */
  tenant?: (provider: FaultyProvider) => Record<string, unknown>;
  /** The deadline of one exchange with the provider. */
  providerTimeoutMs?: number;
  /** The application behind the middleware; the program has none. */
  application?: Application;
  /** The `gate` of the configuration. */
  gate?: Record<string, unknown>;
  /** More settings under `session`. */
  session?: Record<string, unknown>;
  /** Another process of the same application, at the same provider. */
  besides?: Case;
  /** From the first request on, which is for the metadata. */
  faults?: (provider: FaultyProvider) => Faults;
}

export async function startCase(
  t: Scope,
  { basic = false, scopes, tenant, gate, session, besides, ...options }: CaseOptions = {},
): Promise<Case> {
  const { faults, providerTimeoutMs, application } = options;
  const provider = besides?.provider ?? (await startFaultyProvider(t, { basic }));
  provider.faults = faults?.(provider) ?? provider.faults;
  const port = await freePort();
  const config = parseConfig(
    {
      listen: { port },
      tenant: {
        allowPlainHttp: true,
        ...(tenant?.(provider) ?? { authority: provider.authority }),
      },
      client: { ...provider.client, ...(basic ? { authMethod: 'client_secret_basic' } : {}) },
      ...(tenant ? {} : { policies: { signIn: provider.policy } }),
      session: { secrets: ['a-session-secret-for-tests-of-40-letters'], ...session },
      ...(scopes ? { scopes } : {}),
      ...(gate ? { gate } : {}),
    },
    { env: {}, readFile: () => '', resolvePath: (path: string) => path, isFolder: () => true },
  );
  noteSecrets(config);
  const log = recordLog();
  let offset = 0;
  const now = () => Date.now() + offset;
  provider.now = now;
  const given = { log, now, ...(providerTimeoutMs ? { providerTimeoutMs } : {}) };
  if (application) {
    await serveMounted(t, application, { config, given });
  } else {
    const running = await serve(config, given);
    t.after(() => running.stop(100));
  }
  const url = `http://localhost:${port}`;
  return {
    provider,
    log,
    url,
    browser: () => createBrowser(url),
    forwardSeconds(seconds) {
      offset += seconds * 1_000;
    },
    resetClock() {
      offset = 0;
    },
  };
}

/** One application at one provider for all tests of a `describe`. Each test starts without faults. */
export function sharedCase(options: CaseOptions = {}): () => Case {
  const given = shared((scope) => startCase(scope, options));
  beforeEach(() => {
    const { provider, log, resetClock } = given();
    provider.faults = {};
    provider.complaints.length = 0;
    for (const name of Object.keys(provider.counts) as (keyof FaultyProvider['counts'])[]) {
      provider.counts[name] = 0;
    }
    log.clear();
    // The library checks `nbf` with the real clock.
    resetClock();
  });
  return given;
}

/** One sign-in, as far as the relying party lets it come. */
export async function visit({ provider, browser: create }: Case): Promise<Visit> {
  const browser = create();
  const begun = await browser.get(`/auth/sign_in?return_to=${RETURN_TO}`);
  const authorizationUrl = begun.location;
  if (begun.status !== 302) return { browser, authorizationUrl, callback: '', answer: begun };
  const callback = provider.authorize(authorizationUrl);
  return { browser, authorizationUrl, callback, answer: await browser.get(callback) };
}

/** One sign-in, and that it ends like this. */
export async function assertVerdict(given: Case, verdict: Verdict): Promise<Visit> {
  const result = await visit(given);
  if (verdict === 'accept') {
    await assertAccepted(given, result);
  } else {
    await assertRejected(given, result);
    if (verdict !== 'reject') assert.equal(given.provider.counts.token, 0);
    assert.equal(result.callback === '', verdict === 'stop before the authorization request');
  }
  return result;
}

/**
 * Accept: the callback leads to the return path with a new session cookie, the page there shows the
 * user, the attempt is forgotten, and the provider has nothing to complain about.
 */
export async function assertAccepted({ provider }: Case, { browser, answer }: Visit) {
  assert.equal(answer.status, 303, answer.body);
  assert.equal(answer.location, RETURN_TO);
  assert.deepEqual([...browser.cookies.keys()], [SESSION, `${SESSION}-logout`]);
  const page = await browser.get(RETURN_TO);
  assert.equal(page.status, 200);
  assert.match(page.body, /Alice Example/);
  assert.deepEqual(provider.complaints, []);
}

/**
 * Reject: no session; 400, 403, 502 or 503 with a page in our own words, a correlation id and a way
 * to start again; not to be stored; one line in the log that names the error; no code, token, state,
 * secret or claim in either; and the same callback once more does not reach the provider.
 */
export async function assertRejected(
  { log, provider }: Case,
  { browser, authorizationUrl, callback, answer }: Visit,
) {
  assert.ok([400, 403, 502, 503].includes(answer.status), `${answer.status}: ${answer.location}`);
  assert.equal(browser.cookies.has(SESSION), false, 'a session has started');
  assert.equal(answer.headers['cache-control'], 'no-store');
  const failures = [...log.of('sign_in_failed'), ...log.of('request_failed')];
  assert.equal(failures.length, 1, log.lines.join(''));
  assert.match(answer.body, new RegExp(String(failures[0]?.['correlationId'])));
  assert.match(answer.body, /<a [^>]*href="\/(auth\/sign_in)?"/);
  const parameters = callback ? [...new URL(callback).searchParams.values()] : [];
  const asked = callback ? new URL(authorizationUrl).searchParams : undefined;
  const own = [asked?.get('nonce') ?? '', provider.client.secret];
  const markers = [...parameters, ...own, 'marker-', 'eyJ', 'a-subject', 'Alice'];
  // The one word of the provider that the log may contain: the name of the error, never on a page.
  const lines = log.lines.join('').replaceAll(/"providerError":"[\w.-]{1,40}"/g, '');
  for (const marker of markers.filter((value) => value.length > 2)) {
    assert.equal((answer.body + lines).includes(marker), false, `leaks ${marker.slice(0, 20)}`);
  }
  if (!callback) return;
  const calls = provider.counts.token;
  assert.equal((await browser.get(callback)).status, 400);
  assert.equal(provider.counts.token, calls);
  assert.equal(browser.cookies.has(SESSION), false);
}

/** Alive: without the fault, the same process signs in the next visitor. */
export async function assertAlive(given: Case) {
  given.provider.faults = {};
  // Documents that were refused are asked for again after a second.
  given.forwardSeconds(2);
  given.provider.complaints.length = 0;
  await assertAccepted(given, await visit(given));
}
