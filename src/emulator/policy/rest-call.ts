export interface RestRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** PEM of the client certificate and its key. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
}

export interface RestResponse {
  readonly status: number;
  readonly body: string;
}

/** The REST API did not respond. */
export class RestError extends Error {
  readonly reason: 'timeout' | 'unknown-host' | 'no-connection';

  constructor(reason: RestError['reason'], message: string) {
    super(message);
    this.name = 'RestError';
    this.reason = reason;
  }
}
