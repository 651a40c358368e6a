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
  /** Advice for the developer: what works here and not in B2C, or the cause of an error. */
  warnings?: string[];
}

const MAX_REQUESTS = 200;
const MASKED = new Set(['client_secret', 'password']);

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
  for (const name of new Set(parameters.keys())) {
    record.parameters[name] = MASKED.has(name) ? '…' : parameters.getAll(name).join(' ');
  }
}
