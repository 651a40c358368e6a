import type { MethodCall } from './method.ts';

/** `country:age` below which parents have to consent; a grown-up is 18, or the age behind the slash. */
const COUNTRIES = new Map(
  `AE:/21 AT:14 BE:14 BG:16 BH:/21 CM:/21 CY:16 CZ:16 DE:16 DK:16 EE:16 EG:/21 ES:13 FR:16 GB:13
  GR:16 HR:16 HU:16 IE:13 IT:16 KR:14 LT:16 LU:16 LV:16 MT:16 NA:/21 NL:16 PL:13 PT:16 RO:16 SE:13
  SG:/21 SI:16 SK:16 TD:/21 TH:/20 TW:/20 US:13`
    .split(/\s+/)
    .map((entry) => {
      const [country = '', ages = ''] = entry.split(':');
      const [consent = '', adult = '18'] = ages.split('/');
      return [country, { consentAge: Number(consent), adultAge: Number(adult) }] as const;
    }),
);

/** The age group by the rules of the country, and whether parents have consented where they have to. */
export function classifyAge({ text, context }: MethodCall) {
  const birth = text('dateOfBirth');
  const country = text('countryCode')?.trim().toUpperCase();
  const given = text('consentProvidedForMinor');
  if (birth === undefined || country === undefined) {
    const ageGroup = 'Undefined';
    return { ageGroup, requiresParentalConsent: false, consentProvidedForMinor: given };
  }
  const { consentAge, adultAge } = COUNTRIES.get(country) ?? { consentAge: 0, adultAge: 18 };
  const age = ageAt(birth, context.now());
  const requiresParentalConsent = age < consentAge;
  const isMinor = requiresParentalConsent || (consentAge === 0 && age < adultAge);
  return {
    ageGroup: age >= adultAge ? 'Adult' : isMinor ? 'Minor' : 'NotAdult',
    requiresParentalConsent,
    consentProvidedForMinor: requiresParentalConsent ? given : 'NotRequired',
  };
}

function ageAt(birth: string, now: number): number {
  const today = new Date(now).toISOString().slice(0, 10);
  const hadBirthday = today.slice(5) >= birth.slice(5, 10);
  return Number(today.slice(0, 4)) - Number(birth.slice(0, 4)) - (hadBirthday ? 0 : 1);
}
