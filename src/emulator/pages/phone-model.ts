import type { FormErrors } from '../journeys/form.ts';
import { textOf } from '../journeys/verification.ts';
import type { Transaction } from '../protocol/transaction.ts';
import type { TextId } from './languages/en.ts';

/** The page of the telephone: a number, then the code that went to it. */
export interface PhoneModel {
  template: 'phonefactor';
  title: string;
  intro: string;
  /** `XXXX4711`, when there is a number already. */
  maskedNumber: string | undefined;
  countries: { code: string; name: string; isChosen: boolean }[];
  number: string;
  isSent: boolean;
  error: string | undefined;
}

const COUNTRIES: [code: string, region: string][] = [
  ['1', 'US'],
  ['33', 'FR'],
  ['34', 'ES'],
  ['39', 'IT'],
  ['41', 'CH'],
  ['43', 'AT'],
  ['44', 'GB'],
  ['49', 'DE'],
  ['61', 'AU'],
  ['81', 'JP'],
];

export function buildPhoneModel(transaction: Transaction, errors: FormErrors): PhoneModel {
  const { values, verification, language, request } = transaction;
  const { texts } = language;
  const names = new Intl.DisplayNames(language.tag, { type: 'region' });
  const known = values.get('known_number') ?? '';
  const isSent = verification.state === 'code_sent';
  const chosen = (values.get('countryCode') ?? '1').replace(/\D/g, '');
  const { message } = verification;
  const failure = message === 'bad_address' ? texts.invalid_number : undefined;
  const isRefused = message !== undefined && message !== 'code_sent' && message !== 'verified';
  return {
    template: 'phonefactor',
    title: texts.phone_heading,
    intro: texts[introOf({ isSent, isKnown: known !== '' })],
    maskedNumber: known ? `XXX-XXX-${known.slice(-4)}` : undefined,
    countries: COUNTRIES.map(([code, region]) => ({
      code,
      name: names.of(region) ?? region,
      isChosen: code === chosen,
    })),
    number: values.get(request.policy.page.ids.phoneNumber) ?? '',
    isSent,
    error: failure ?? (isRefused ? texts[textOf(message)] : errors.page?.text),
  };
}

function introOf({ isSent, isKnown }: { isSent: boolean; isKnown: boolean }): TextId {
  if (isSent) return 'enter_code_text_intro';
  return isKnown ? 'phone_known_intro' : 'phone_entry_intro';
}
