import type { LocalTenant } from '../endpoints/local-tenant.ts';

/** A call under `/_emulator/`, with its parsed body. */
export interface Call {
  tenant: LocalTenant;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** The object ID in `accounts/<oid>`, or the correlation ID in `traces/<id>`. */
  item: string;
}

/** Returns the JSON of the response. Errors are thrown as `AdminError`. */
export type Operation = (call: Call) => unknown;
