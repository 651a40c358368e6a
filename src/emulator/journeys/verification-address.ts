import type { Exchange } from '../protocol/exchange.ts';
import type { Transaction } from '../protocol/transaction.ts';
import { typedValue } from './form.ts';
import { applyVerificationAction, isEmail, type VerificationAction } from './verification.ts';

/** Sends or checks a code, for whatever address or number the current step is about. */
export function runVerification(
  { tenant, policy }: Exchange,
  transaction: Transaction,
  { action, form }: { action: VerificationAction; form: URLSearchParams },
): void {
  const isPhone = transaction.step === 'phone_factor';
  const account = tenant.accounts.get(transaction.accountOid ?? '');
  const known = isPhone ? account?.phoneNumber : undefined;
  const fixed = transaction.step === 'email_factor' ? account?.email : known;
  const typed = isPhone
    ? typedNumber(form, policy.page.ids.phoneNumber)
    : typedValue(
        form,
        policy.page.ids.email,
        'email',
        'claim_value',
        'readOnlyEmail',
        'ReadOnlyEmail',
      );
  applyVerificationAction(transaction.verification, action, {
    // A page without the field, as after sending: the one the code went to.
    address: fixed ?? (typed === '' ? transaction.verification.address : typed),
    isAddress: isPhone ? isPhoneNumber : isEmail,
    code: typedValue(
      form,
      policy.page.ids.verificationCode,
      ...['emailVerificationCode', 'verificationCode', 'VerificationCode'],
      ...[`${policy.page.ids.email}_ver_input`, 'email_ver_input', 'user_input'],
    ),
    policy: policy.name,
    now: tenant.now(),
    mailbox: tenant.mailbox,
    fixedCode: tenant.fixedVerificationCode,
  });
}

// E.164, with what people put in between.
const isPhoneNumber = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);

function typedNumber(form: URLSearchParams, id: string): string {
  const number = typedValue(form, id, 'number', 'localNumber').replace(/[\s().-]/g, '');
  if (number === '' || number.startsWith('+')) return number;
  const country = typedValue(form, 'countryCode').replace(/[^\d]/g, '');
  return `+${country}${number.replace(/^0+/, '')}`;
}
