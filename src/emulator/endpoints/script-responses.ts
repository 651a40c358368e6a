/** Responses for scripts that post the forms themselves: the status is always 200, the result is JSON. */
import type { IncomingMessage } from 'node:http';
import type { PageTexts } from '../pages/page-texts.ts';
import { verificationText } from '../pages/verification-model.ts';
import type { Page, PageErrors } from '../policy/page.ts';
import type { Verification } from '../policy/verification.ts';

export const isScript = ({ headers }: IncomingMessage): boolean =>
  headers['x-csrf-token'] !== undefined || headers['x-requested-with'] !== undefined;

export function describePageErrors(
  errors: PageErrors | undefined,
  texts: PageTexts,
  { kind, fields }: Page,
): Record<string, string> {
  if (!errors) return { status: '200' };
  const [found] = Object.entries(errors.items);
  const item = found?.[1];
  const error = kind === 'sign-in' ? (item ?? errors.page) : (errors.page ?? item);
  return {
    status: '400',
    ...(error?.code ? { errorCode: error.code } : {}),
    message: error ? texts.error({ values: [labelOf(fields, found?.[0], texts)], ...error }) : '',
  };
}

const labelOf = (fields: Page['fields'], id: string | undefined, texts: PageTexts): string => {
  const field = fields.find((candidate) => candidate.id === id);
  return field ? texts.label(field.claimType) : '';
};

export function describeProof(verification: Verification | undefined, { texts }: PageTexts) {
  const message = verification?.message;
  if (!verification || !message || message === 'code_sent' || message === 'verified') {
    return { status: '200', isSuccess: true };
  }
  return { status: '400', isSuccess: false, message: verificationText(verification, texts) };
}
