import type { Page } from '../policy/page.ts';
import type { Verification } from '../policy/verification.ts';
import type { SpecificContext } from './page-context.ts';
import type { PageTexts } from './page-texts.ts';
import { verificationText } from './verification-model.ts';

/** The phone page: the number, then the code that was sent to it. */
export interface PhoneModel {
  template: 'phonefactor';
  title: string;
  intro: string;
  /** Known numbers, masked: `XXX-XXX-4711`. The user selects one of several. */
  known: { value: string; masked: string; isChosen: boolean }[];
  /** The user can enter another number. */
  hasEntry: boolean;
  countries: { code: string; name: string; isChosen: boolean }[];
  number: string;
  isSent: boolean;
  error: string | undefined;
  labels: Record<'country' | 'number' | 'send' | 'verify' | 'call' | 'retry', string>;
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
  { fields, values, errors }: Page,
  { texts, language }: Pick<SpecificContext, 'texts' | 'language'>,
): PhoneModel {
  const [field] = fields;
  const verification = field?.verification;
  const typed = values.get(field?.id ?? '') ?? '';
  const isSent = verification?.state === 'code_sent';
  const known = (field?.options ?? []).map(({ value }) => ({
    ...{ value, masked: `XXX-XXX-${value.slice(-4)}`, isChosen: value === typed },
  }));
  const text = (id: string, builtIn: string) => texts.own[id] ?? texts.texts[builtIn] ?? '';
  const error = errors.page && texts.error(errors.page);
  return {
    template: 'phonefactor',
    title: text('heading', 'phone_heading'),
    intro: introText({ isSent, known: known.length }, text),
    known,
    hasEntry: field?.input !== 'Readonly' || known.length === 0,
    ...listCountries(typed, language.tag),
    isSent,
    error: (verification && failureText(verification, texts)) ?? error,
    labels: {
      country: text('country_code_label', 'country_code'),
      number: text('number_label', 'phone_number'),
      send: text('button_send_code', 'phone_send'),
      verify: text('button_verify_code', 'phone_verify'),
      call: text('button_verify', 'phone_call'),
      retry: text('text_button_send_second_code', 'phone_retry'),
    },
  };
}

/** The typed number in two parts. */
export function listCountries(
  typed: string,
  tag: string,
): Pick<PhoneModel, 'countries' | 'number'> {
  const names = new Intl.DisplayNames(tag, { type: 'region' });
  const digits = typed.replace(/\D/g, '');
  const [chosen = '1'] = COUNTRIES.flatMap(([code]) => (digits.startsWith(code) ? [code] : []));
  return {
    countries: COUNTRIES.map(([code, region]) => ({
      ...{ code, name: names.of(region) ?? region, isChosen: code === chosen },
    })),
    number: digits.startsWith(chosen) ? digits.slice(chosen.length) : digits,
  };
}

function failureText(verification: Verification, { texts }: PageTexts): string | undefined {
  const { message } = verification;
  if (!message || message === 'code_sent' || message === 'verified') return undefined;
  return message === 'bad_address' ? texts.invalid_number : verificationText(verification, texts);
}

function introText(
  { isSent, known }: { isSent: boolean; known: number },
  text: (id: string, builtIn: string) => string,
): string {
  if (isSent) return text('enter_code_text_intro', 'enter_code_text_intro');
  if (known === 0) return text('intro_entry_sms', 'phone_entry_intro');
  return text(known > 1 ? 'intro_sms_p' : 'intro_sms', 'phone_known_intro');
}
