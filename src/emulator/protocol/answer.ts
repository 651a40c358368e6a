import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Responder } from '../../http/response.ts';
import { pageHeaders } from './response-headers.ts';

/** A JSON answer as data, so that faults can spoil it before it is sent. */
export interface Answer {
  status: number;
  /** A string is sent as it is. */
  body: unknown;
  headers: string[];
  delayMs: number;
  /** Never answered: the connection stays open until somebody loses patience. */
  hangs: boolean;
}

export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, body, headers: [], delayMs: 0, hangs: false };
}

export async function sendAnswer(
  responder: Responder,
  response: ServerResponse,
  { status, body, headers, delayMs, hangs }: Answer,
): Promise<void> {
  if (hangs) return;
  if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
  if (response.destroyed) return;
  if (typeof body === 'string') {
    responder.html(response, status, body, [...headers, ...pageHeaders()]);
  } else responder.json(response, status, body, headers);
}
