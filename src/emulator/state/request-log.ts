/** The received requests, so that a test can assert "no token request since". */
export interface RequestLog {
  /** Requests per endpoint since the start or the last reset. */
  counts: Record<string, number>;
  /** Newest first. */
  requests: RequestRecord[];
}

export interface RequestRecord {
  number: number;
  time: string;
  method: string;
  path: string;
  endpoint: string;
  policy?: string;
  /** Query parameters and, at the token endpoint, form fields. Secrets are masked. */
  parameters: Record<string, string>;
  /** Missing until the response is sent. */
  status?: number;
  /** Missing for pages. */
  response?: RecordedResponse;
  /** ID of the trace, for a request that starts a journey. */
  trace?: string;
  /** Advice for the developer: what works here and not in B2C, or the cause of an error. */
  warnings?: string[];
}

export interface RecordedResponse {
  /** Target of a redirect, without its parameters. */
  location?: string;
  /** Members of the JSON, or parameters of the redirect. Secrets are masked. */
  values: Record<string, string>;
}

const MAX_REQUESTS = 200;
const MAX_VALUE_LENGTH = 500;

// Signs a user in, or proves who a user or an application is.
const SECRET = /secret|password|token|assertion|^code$|code_verifier|verificationcode|otp/i;
// `id_token_expires_in`, `token_type`, `token_endpoint` and so on describe tokens.
const NO_SECRET = /_(type|expires_in|endpoint|supported)$|_(alg_values|auth_methods)_supported$/;

const isSecret = (name: string): boolean => SECRET.test(name) && !NO_SECRET.test(name);

export function createRequestLog(): RequestLog {
  return { counts: {}, requests: [] };
}

export function recordRequest(
  log: RequestLog,
  request: Omit<RequestRecord, 'number' | 'parameters'>,
): RequestRecord {
  const record: RequestRecord = {
    number: (log.requests[0]?.number ?? 0) + 1,
    ...request,
    parameters: {},
  };
  log.counts[request.endpoint] = (log.counts[request.endpoint] ?? 0) + 1;
  log.requests.unshift(record);
  if (log.requests.length > MAX_REQUESTS) log.requests.pop();
  return record;
}

export function warn(record: RequestRecord, warning: string): void {
  record.warnings = [...(record.warnings ?? []), warning];
}

/** Counts a refresh token that was used twice although the policy forbids it. */
export function countReuse({ counts }: RequestLog): void {
  counts['reused'] = (counts['reused'] ?? 0) + 1;
}

export function recordParameters(record: RequestRecord, parameters: URLSearchParams): void {
  Object.assign(record.parameters, maskValues(parameters));
}

/** Repeated values are separated by a space. Long ones are cut. */
export function maskValues(entries: Iterable<[string, unknown]>): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of entries) {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    const previous = values.get(name);
    const whole = previous === undefined ? text : `${previous} ${text}`;
    values.set(name, isSecret(name) ? '…' : whole.slice(0, MAX_VALUE_LENGTH));
  }
  return Object.fromEntries(values);
}
