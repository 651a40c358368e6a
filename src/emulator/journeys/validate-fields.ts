import { isStrongPassword } from '../accounts.ts';
import type { EmailVerification } from '../email-verification.ts';
import { type Field, type FormErrors, serverRefusal } from './form.ts';

const PASSWORD_RULE =
  'The password must be between 8 and 64 characters. It must contain at least three of: a lowercase letter, an uppercase letter, a digit, a symbol.';

/** The first reason not to go on, in the order in which B2C looks; `undefined` when there is none. */
export function validateFields(
  fields: readonly Field[],
  form: URLSearchParams,
  verification: EmailVerification,
): FormErrors | undefined {
  if (fields.some((field) => field.kind === 'email') && verification.state !== 'verified') {
    return serverRefusal('The e-mail address has not been verified. Verify it, then continue.');
  }
  return missingFields(fields, form) ?? incorrectFields(fields, form) ?? mismatch(fields, form);
}

function missingFields(fields: readonly Field[], form: URLSearchParams): FormErrors | undefined {
  const items: Record<string, string> = {};
  for (const field of fields) {
    if (field.kind === 'email' || (field.kind === 'text' && !field.required)) continue;
    if (!form.get(field.claim)?.trim()) items[field.claim] = 'This information is required.';
  }
  if (Object.keys(items).length === 0) return undefined;
  const text = 'A required field is missing. Please fill out all required fields and try again.';
  return { page: { id: 'requiredFieldMissing', text }, items };
}

function incorrectFields(fields: readonly Field[], form: URLSearchParams): FormErrors | undefined {
  const hasPassword = fields.some((field) => field.kind === 'password');
  if (!hasPassword || isStrongPassword(form.get('newPassword') ?? '')) return undefined;
  const text = 'One or more fields are filled out incorrectly. Please check your entries.';
  return { page: { id: 'fieldIncorrect', text }, items: { newPassword: PASSWORD_RULE } };
}

function mismatch(fields: readonly Field[], form: URLSearchParams): FormErrors | undefined {
  const hasPassword = fields.some((field) => field.kind === 'password');
  if (!hasPassword || form.get('newPassword') === form.get('reenterPassword')) return undefined;
  const text = 'The password entry fields do not match. Please enter the same password in both.';
  return { page: { id: 'passwordEntryMismatch', text }, items: {} };
}
