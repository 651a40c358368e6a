import type { LocalTenant } from '../endpoints/local-tenant.ts';

/** A call under `/_emulator/`, with its parsed body. */
export interface Call {
  tenant: LocalTenant;
  /** Requested scheme and host. */
  origin: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** The object ID in `accounts/<oid>`, or the ID in `traces/<id>` and `runs/<id>`. */
  item: string;
}

/** Returns the JSON of the response. Errors are thrown as `AdminError`. */
export type Operation = (call: Call) => unknown;
