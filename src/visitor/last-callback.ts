import { createHash } from 'node:crypto';
import { singleValue } from '../http/request.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import { attemptIdFromState } from './attempt-cookies.ts';

/** The last successful callback of a session, to recognize it when the browser repeats it. */
export interface LastCallback {
  attemptId: string;
  codeHash: string;
  returnTo: ReturnTarget;
}

export const toLastCallback = (
  parameters: URLSearchParams,
  { state, returnTo }: { state: string; returnTo: ReturnTarget },
): LastCallback => ({
  attemptId: attemptIdFromState(state),
  codeHash: hashCode(parameters.get('code') ?? ''),
  returnTo,
});

/**
 * Whether a request repeats the callback: by reload, bookmark or back button. The code must be the same. A
 * saved page of the provider can start the same attempt again, for another user and with another code.
 */
export function isRepeated(
  { attemptId, codeHash }: LastCallback,
  parameters: URLSearchParams,
): boolean {
  const state = singleValue(parameters, 'state') ?? '';
  const code = singleValue(parameters, 'code') ?? '';
  return code !== '' && attemptIdFromState(state) === attemptId && hashCode(code) === codeHash;
}

const hashCode = (code: string): string =>
  createHash('sha256').update(code).digest('base64url').slice(0, 22);
