import type { Transaction } from '../protocol/transaction.ts';
import { describePasswordRules, isAllowedPassword } from '../tenant/password-rules.ts';
import { type Field, type FormErrors, serverRefusal, typedValue } from './form.ts';
import { isEmail } from './verification.ts';

/** The first reason not to go on, in the order in which B2C looks; `undefined` when there is none. */
export function validateFields(
  fields: readonly Field[],
  form: URLSearchParams,
  transaction: Transaction,
): FormErrors | undefined {
  const { verification, language } = transaction;
  const mustVerify = fields.some((field) => field.kind === 'email' && field.isVerifiable);
  if (mustVerify && verification.state !== 'verified') {
    return serverRefusal(language.texts.UserMessageIfVerificationControlClaimsNotVerified);
  }
  const typed = readFields(fields, form, transaction);
  return (
    missing(fields, typed, transaction) ??
    incorrect(fields, typed, transaction) ??
    mismatch(fields, typed, transaction)
  );
}

type Typed = Record<string, string>;

/** What the form says, by claim; ids of elements are a setting. */
export function readFields(
  fields: readonly Field[],
  form: URLSearchParams,
  { request, values }: Transaction,
): Typed {
  const { ids } = request.policy.page;
  const typed: Typed = {};
  for (const field of fields) {
    if (field.kind === 'email') {
      const given = field.isFixed || field.isVerifiable ? values.get(ids.email) : undefined;
      typed['email'] = given ?? typedValue(form, ids.email, 'email');
    } else if (field.kind === 'password') {
      typed[field.claim] = form.get(field.id) ?? form.get(field.claim) ?? '';
    } else {
      typed[field.claim] = typedValue(form, field.claim);
    }
  }
  return typed;
}

function missing(
  fields: readonly Field[],
  typed: Typed,
  { language: { texts } }: Transaction,
): FormErrors | undefined {
  const items: Record<string, string> = {};
  for (const field of fields) {
    const isOptional = field.kind === 'note' || (field.kind === 'value' && !field.required);
    if (!isOptional && !typed[field.claim]) items[field.claim] = texts.required_field;
  }
  if (Object.keys(items).length === 0) return undefined;
  return { page: { id: 'requiredFieldMissing', text: texts.error_requiredFieldMissing }, items };
}

function incorrect(
  fields: readonly Field[],
  typed: Typed,
  { language: { texts }, request }: Transaction,
): FormErrors | undefined {
  const items: Record<string, string> = {};
  const { passwordRules } = request.policy;
  for (const field of fields) {
    if (field.kind === 'email' && !isEmail(typed['email'] ?? '')) {
      items['email'] = texts.ver_incorrect_format;
    } else if (
      field.claim === 'newPassword' &&
      !isAllowedPassword(typed['newPassword'] ?? '', passwordRules)
    ) {
      items['newPassword'] = describePasswordRules(passwordRules, texts);
    } else if (field.kind === 'value' && field.values.length > 0 && !isChosen(field, typed)) {
      items[field.claim] = texts.error_fieldIncorrect;
    }
  }
  if (Object.keys(items).length === 0) return undefined;
  return { page: { id: 'fieldIncorrect', text: texts.error_fieldIncorrect }, items };
}

function isChosen({ claim, values }: { claim: string; values: string[] }, typed: Typed): boolean {
  const chosen = (typed[claim] ?? '').split(',');
  return chosen.every((value) => value === '' || values.includes(value));
}

function mismatch(
  fields: readonly Field[],
  typed: Typed,
  { language: { texts } }: Transaction,
): FormErrors | undefined {
  const isRepeated = fields.some((field) => field.claim === 'reenterPassword');
  if (!isRepeated || typed['newPassword'] === typed['reenterPassword']) return undefined;
  const text = texts.error_passwordEntryMismatch;
  return { page: { id: 'passwordEntryMismatch', text }, items: {} };
}
