import { typedValue } from './form.ts';
import type { Directory, Journey } from './journey.ts';
import { applyVerificationAction, isEmail, type VerificationAction } from './verification.ts';

/** Sends or checks a code for the email address or phone number of the current step. */
export function runVerification(
  journey: Journey,
  directory: Directory,
  { action, form }: { action: VerificationAction; form: URLSearchParams },
): void {
  const { step, policy, verification } = journey;
  const { ids } = policy.page;
  const isPhone = step === 'phone_factor';
  const account = directory.accounts.get(journey.accountOid ?? '');
  const known = isPhone ? account?.phoneNumber : undefined;
  const fixed = step === 'email_factor' ? account?.email : known;
  const typed = isPhone ? typedNumber(form, ids.phoneNumber) : typedEmail(form, ids.email);
  applyVerificationAction(verification, action, {
    // A page without the field, as after sending: the address that the code was sent to.
    address: fixed ?? (typed === '' ? verification.address : typed),
    isAddress: isPhone ? isPhoneNumber : isEmail,
    code: typedValue(
      form,
      ids.verificationCode,
      ...['emailVerificationCode', 'verificationCode', 'VerificationCode'],
      ...[`${ids.email}_ver_input`, 'email_ver_input', 'user_input'],
    ),
    policyName: policy.name,
    now: directory.now,
    mailbox: directory.mailbox,
    fixedCode: directory.fixedVerificationCode,
  });
}

const typedEmail = (form: URLSearchParams, id: string): string =>
  typedValue(form, id, 'email', 'claim_value', 'readOnlyEmail', 'ReadOnlyEmail');

// E.164
const isPhoneNumber = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);

function typedNumber(form: URLSearchParams, id: string): string {
  const number = typedValue(form, id, 'number', 'localNumber').replace(/[\s().-]/g, '');
  if (number === '' || number.startsWith('+')) return number;
  const country = typedValue(form, 'countryCode').replace(/[^\d]/g, '');
  return `+${country}${number.replace(/^0+/, '')}`;
}
