import { typedValue } from './form.ts';
import type { Journey } from './journey.ts';

const NOT_KEPT = new Set([
  ...['action', 'csrf_token', 'request_type', 'claim_id', 'claim_value', 'user_input'],
  ...['emailVerificationCode', 'verificationCode', 'VerificationCode'],
  ...['email_ver_input', 'otpCode'],
]);

/** Keeps the entered values, so that the fields contain them when the page is shown again. */
export function keepTypedValues({ policy, values }: Journey, form: URLSearchParams): void {
  const { verificationCode } = policy.page.ids;
  for (const name of new Set(form.keys())) {
    const isSecret =
      /passw|_ver_input$/i.test(name) || NOT_KEPT.has(name) || name === verificationCode;
    if (!isSecret) values.set(name, typedValue(form, name));
  }
}
