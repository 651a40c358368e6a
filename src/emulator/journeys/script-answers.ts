/** Answers for scripts that post the pages' forms themselves: always 200, the verdict is inside. */
import type { IncomingMessage } from 'node:http';
import type { Transaction } from '../protocol/transaction.ts';
import type { FormErrors } from './form.ts';
import { textOf } from './verification.ts';

export const isScript = ({ headers }: IncomingMessage): boolean =>
  headers['x-csrf-token'] !== undefined || headers['x-requested-with'] !== undefined;

export function describeRefusal({ page, items, code }: FormErrors): Record<string, string> {
  const message = page?.text ?? Object.values(items)[0] ?? '';
  return { status: '400', ...(code ? { errorCode: code } : {}), message };
}

export function describeVerification({ verification, language }: Transaction) {
  const { message } = verification;
  if (message === 'code_sent' || message === 'verified' || !message) {
    return { status: '200', isSuccess: true };
  }
  return { status: '400', isSuccess: false, message: language.texts[textOf(message)] };
}
