import type { LocalTenant } from '../tenant/local-tenant.ts';

/** A call under `/_emulator/`, after its body was read. */
export interface Call {
  tenant: LocalTenant;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** Of `accounts/<oid>`. */
  oid: string;
}

/** The JSON that a call answers with; a refusal is an `AdminError`. */
export type Operation = (call: Call) => unknown;
