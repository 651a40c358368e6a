import { ClaimsError } from '../claims-error.ts';
import { isPhoneNumber } from '../verification.ts';
import { callingCodeOf, countryOfCallingCode } from './calling-codes.ts';
import { isEqual, type Method } from './method.ts';

/** Without the signs that people write between digits; letters stay and make the number invalid. */
const compact = (number: string): string => number.replace(/[\s().\-/\u00a0]/g, '');

/** With the calling code of the country; a number that has one already keeps it. */
function toInternational(number: string, country: string | undefined): string {
  const digits = compact(number);
  if (digits.startsWith('+')) return digits;
  const code = country === undefined ? undefined : callingCodeOf(country);
  return code === undefined ? digits : `+${code}${digits.replace(/^0+/, '')}`;
}

export const PHONE_METHODS: Record<string, Method> = {
  ConvertPhoneNumberClaimToString: ({ text }) => ({ phoneNumberString: text('phoneNumber') }),
  ConvertStringToPhoneNumberClaim({ text }) {
    // Old versions of the documentation name the argument `inputClaim`.
    const given = text('phoneNumberString') ?? text('inputClaim') ?? '';
    const number = toInternational(given, text('country'));
    if (isPhoneNumber(number)) return { outputClaim: number };
    throw new ClaimsError(
      'UserMessageIfClaimsTransformationInvalidPhoneNumber',
      `"${given}" is not a phone number`,
    );
  },
  GetNationalNumberAndCountryCodeFromPhoneNumberString({ text, parameter, isOn }) {
    const number = compact(text('phoneNumber') ?? '');
    const found = isPhoneNumber(number) ? countryOfCallingCode(number.slice(1)) : undefined;
    if (found) {
      const isCallingCode = isEqual(parameter('countryCodeType'), 'CallingCode', true);
      return {
        nationalNumber: number.slice(1 + found.callingCode.length),
        countryCode: isCallingCode ? `+${found.callingCode}` : found.country,
      };
    }
    if (!isOn('throwExceptionOnFailure')) return {};
    throw new ClaimsError('UserMessageIfPhoneNumberParseFailure', `"${number}" is no phone number`);
  },
};
