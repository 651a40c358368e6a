import type { FormErrors } from '../journeys/form.ts';
import type { Journey } from '../journeys/journey.ts';
import type { TextId } from '../journeys/text-ids.ts';
import { VERIFICATION_TEXTS } from '../journeys/verification.ts';
import { type Language, messageText, type Texts } from './languages.ts';

/** The phone page: the number, then the code that was sent to it. */
export interface PhoneModel {
  template: 'phonefactor';
  title: string;
  intro: string;
  /** `XXX-XXX-4711`, if the account has a number. */
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

export function buildPhoneModel(
  journey: Journey,
  errors: FormErrors,
  { tag, texts }: Language,
): PhoneModel {
  const { values, verification, policy } = journey;
  const names = new Intl.DisplayNames(tag, { type: 'region' });
  const known = values.get('known_number') ?? '';
  const isSent = verification.state === 'code_sent';
  const chosen = (values.get('countryCode') ?? '1').replace(/\D/g, '');
  return {
    template: 'phonefactor',
    title: texts.phone_heading,
    intro: texts[introId({ isSent, isKnown: known !== '' })],
    maskedNumber: known ? `XXX-XXX-${known.slice(-4)}` : undefined,
    countries: COUNTRIES.map(([code, region]) => ({
      code,
      name: names.of(region) ?? region,
      isChosen: code === chosen,
    })),
    number: values.get(policy.page.ids.phoneNumber) ?? '',
    isSent,
    error: errorText(journey, errors, texts),
  };
}

function errorText(
  { verification: { message } }: Journey,
  { page }: FormErrors,
  texts: Texts,
): string | undefined {
  if (message === 'bad_address') return texts.invalid_number;
  const hasFailed = message !== undefined && message !== 'code_sent' && message !== 'verified';
  if (hasFailed) return texts[VERIFICATION_TEXTS[message]];
  return page && messageText(texts, page.message);
}

function introId({ isSent, isKnown }: { isSent: boolean; isKnown: boolean }): TextId {
  if (isSent) return 'enter_code_text_intro';
  return isKnown ? 'phone_known_intro' : 'phone_entry_intro';
}
