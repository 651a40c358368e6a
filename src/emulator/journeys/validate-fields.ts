import { isAllowedPassword, type PasswordRules } from '../definition/password-rules.ts';
import { type Field, type FormErrors, serverError, typedValue } from './form.ts';
import type { Journey } from './journey.ts';
import type { Message } from './text-ids.ts';
import { isEmail } from './verification.ts';

type Values = Record<string, string>;

/** The values of a form, by claim, or the first errors in B2C's order of checks. */
export function validateFields(
  fields: readonly Field[],
  form: URLSearchParams,
  journey: Journey,
): { values: Values } | { errors: FormErrors } {
  const mustVerify = fields.some((field) => field.kind === 'email' && field.isVerifiable);
  if (mustVerify && journey.verification.state !== 'verified') {
    return { errors: serverError('UserMessageIfVerificationControlClaimsNotVerified') };
  }
  const values = readFields(fields, form, journey);
  const errors =
    findMissing(fields, values) ??
    findIncorrect(fields, values, journey.policy.passwordRules) ??
    findMismatch(fields, values);
  return errors ? { errors } : { values };
}

/** Fields have configurable element IDs, so this reads both the ID and the claim. */
function readFields(
  fields: readonly Field[],
  form: URLSearchParams,
  { policy, values }: Journey,
): Values {
  const { ids } = policy.page;
  const read: Values = {};
  for (const field of fields) {
    if (field.kind === 'email') {
      const known = field.isFixed || field.isVerifiable ? values.get(ids.email) : undefined;
      read['email'] = known ?? typedValue(form, ids.email, 'email');
    } else if (field.kind === 'password') {
      read[field.claim] = form.get(field.id) ?? form.get(field.claim) ?? '';
    } else {
      read[field.claim] = typedValue(form, field.claim);
    }
  }
  return read;
}

function findMissing(fields: readonly Field[], values: Values): FormErrors | undefined {
  const items: FormErrors['items'] = {};
  for (const field of fields) {
    const isOptional = field.kind === 'note' || (field.kind === 'value' && !field.required);
    if (!isOptional && !values[field.claim]) items[field.claim] = { id: 'required_field' };
  }
  if (Object.keys(items).length === 0) return undefined;
  const message = { id: 'error_requiredFieldMissing' } as const;
  return { page: { id: 'requiredFieldMissing', message }, items };
}

function findIncorrect(
  fields: readonly Field[],
  values: Values,
  rules: PasswordRules,
): FormErrors | undefined {
  const items: FormErrors['items'] = {};
  for (const field of fields) {
    if (field.kind === 'email' && !isEmail(values['email'] ?? '')) {
      items['email'] = { id: 'ver_incorrect_format' };
    } else if (
      field.claim === 'newPassword' &&
      !isAllowedPassword(values['newPassword'] ?? '', rules)
    ) {
      items['newPassword'] = describePasswordRules(rules);
    } else if (field.kind === 'value' && field.values.length > 0 && !isChoice(field, values)) {
      items[field.claim] = { id: 'error_fieldIncorrect' };
    }
  }
  if (Object.keys(items).length === 0) return undefined;
  return { page: { id: 'fieldIncorrect', message: { id: 'error_fieldIncorrect' } }, items };
}

function describePasswordRules({ minLength, maxLength, characterClasses }: PasswordRules): Message {
  return characterClasses > 1
    ? { id: 'password_strong', values: [minLength, maxLength, characterClasses] }
    : { id: 'password_simple', values: [minLength, maxLength] };
}

function isChoice({ claim, values }: { claim: string; values: string[] }, read: Values): boolean {
  const chosen = (read[claim] ?? '').split(',');
  return chosen.every((value) => value === '' || values.includes(value));
}

function findMismatch(fields: readonly Field[], values: Values): FormErrors | undefined {
  const isRepeated = fields.some((field) => field.claim === 'reenterPassword');
  if (!isRepeated || values['newPassword'] === values['reenterPassword']) return undefined;
  const message = { id: 'error_passwordEntryMismatch' } as const;
  return { page: { id: 'passwordEntryMismatch', message }, items: {} };
}
