import { request } from 'undici';

interface ScriptedSignIn {
  as?: string;
  claims?: object;
  cancel?: boolean;
  forgotPassword?: boolean;
  error?: string;
}

interface LoggedRequest {
  endpoint: string;
  parameters: Record<string, string>;
  warnings?: string[];
}

/** The emulator's test interface, under `/_emulator/`. */
export interface EmulatorControl {
  /** Signs in without pages: the address that the browser would be sent back to. */
  authorize(authorizationUrl: string, how: ScriptedSignIn): Promise<string>;
  /** Signs in without pages by `form_post`: the fields that the browser would post to the callback. */
  authorizeForm(authorizationUrl: string, how: ScriptedSignIn): Promise<Record<string, string>>;
  fault(
    fault: string,
    options?: { times?: number; policy?: string; delayMs?: number },
  ): Promise<void>;
  noFaults(): Promise<void>;
  /** How many requests one endpoint has had. */
  count(endpoint: 'discovery' | 'keys' | 'authorize' | 'token' | 'logout'): Promise<number>;
  /** The last requests, newest first. */
  requests(): Promise<{ requests: LoggedRequest[] }>;
  /** How many refresh tokens came a second time where that is not allowed. */
  reusedTokens(): Promise<number>;
  /** How many requests came in that follow a redirect of `token_redirect`. */
  followedRedirects(): Promise<number>;
  rotateKeys(keepOld: boolean): Promise<void>;
  clock(offsetSeconds: number): Promise<void>;
  /** Back to the start: accounts, faults, counts and clock. */
  reset(): Promise<void>;
  /** Disables the account of an address. */
  disable(email: string): Promise<void>;
  /** Changes the account of an address; `claims` are merged, and `null` removes one. */
  changeAccount(email: string, changes: object): Promise<void>;
  /** The newest code that was mailed to an address. */
  mailedCode(email: string): Promise<string>;
}

export function emulatorControl(emulatorUrl: string): EmulatorControl {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await request(new URL(`/_emulator/${path}`, emulatorUrl), {
      method: method as 'GET',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`${method} ${path}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  const countOf = async (endpoint: string) => {
    const { counts } = (await call('GET', 'requests')) as { counts: Record<string, number> };
    return counts[endpoint] ?? 0;
  };
  const changeAccount = async (email: string, changes: object) => {
    const answer = await call('GET', 'accounts');
    const { accounts } = answer as { accounts: { email: string; oid: string }[] };
    const oid = accounts.find((account) => account.email === email)?.oid;
    await call('PATCH', `accounts/${oid}`, changes);
  };
  return {
    async authorize(url, how) {
      const answer = await call('POST', 'authorize', { url, ...how });
      return (answer as { location: string }).location;
    },
    async authorizeForm(url, how) {
      const answer = await call('POST', 'authorize', { url, ...how });
      return (answer as { form: Record<string, string> }).form;
    },
    async fault(fault, options = {}) {
      await call('POST', 'faults', { fault, ...options });
    },
    async noFaults() {
      await call('DELETE', 'faults');
    },
    count: (endpoint) => countOf(endpoint),
    requests: async () => (await call('GET', 'requests')) as { requests: LoggedRequest[] },
    reusedTokens: () => countOf('reused'),
    followedRedirects: () => countOf('redirected'),
    async rotateKeys(keepOld) {
      await call('POST', 'keys/rotate', { keepOld });
    },
    async reset() {
      await call('POST', 'reset');
    },
    async clock(offsetSeconds) {
      await call('POST', 'clock', { offsetSeconds });
    },
    disable: (email) => changeAccount(email, { disabled: true }),
    changeAccount,
    async mailedCode(email) {
      const answer = await call('GET', `mailbox?email=${encodeURIComponent(email)}`);
      const [newest] = (answer as { messages: { code: string }[] }).messages;
      return newest?.code ?? '';
    },
  };
}
