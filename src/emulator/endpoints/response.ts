import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Responder } from '../../http/response.ts';
import { pageHeaders } from './response-headers.ts';

/** A JSON response as a value, so that faults can change it before it is sent. */
export interface JsonResponse {
  status: number;
  /** A string is sent unchanged, as HTML. */
  body: unknown;
  headers: string[];
  delayMs: number;
  /** Leaves the request without a response until the client closes the connection. */
  neverResponds: boolean;
}

export function jsonResponse(status: number, body: unknown): JsonResponse {
  return { status, body, headers: [], delayMs: 0, neverResponds: false };
}

export async function sendJson(
  responder: Responder,
  response: ServerResponse,
  { status, body, headers, delayMs, neverResponds }: JsonResponse,
): Promise<void> {
  if (neverResponds) return;
  if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
  if (response.destroyed) return;
  if (typeof body === 'string') {
    responder.html(response, status, body, [...headers, ...pageHeaders()]);
  } else responder.json(response, status, body, headers);
}
