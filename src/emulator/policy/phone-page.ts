/** The page of `PhoneFactorProtocolProvider`: a phone number, then the code that was sent to it. */
import { claimText } from './claim-text.ts';
import { emptyClaimType } from './claims.ts';
import type { ClaimValue } from './claims-bag.ts';
import { createFieldsPage } from './fields-page.ts';
import type { Page, PageErrors } from './page.ts';
import { isTrueSetting, partnerName, readInputs } from './profile-claims.ts';
import type { PageVisit, ProfileVisit } from './run.ts';
import { completeProfile } from './run-profile.ts';
import { createVerification } from './verification.ts';

/** The field of the phone page. Known numbers are its options: none to enrol, several to choose. */
export function createPhonePage(visit: ProfileVisit): Page {
  const { profile } = visit;
  const inputs = readInputs(visit);
  const numbers = profile.inputClaims
    .map((reference) => partnerName(reference, profile))
    .filter((name) => name !== 'userid')
    .map((name) => inputs.get(name))
    .flatMap((value) => (value === undefined ? [] : [claimText(value)]));
  const mayType = numbers.length === 0 || isTrueSetting(profile, 'ManualPhoneNumberEntryAllowed');
  const [known] = numbers;
  return {
    ...createFieldsPage(visit, { kind: 'phone' }),
    values: new Map(known === undefined ? [] : [[PHONE, known]]),
    fields: [
      {
        id: PHONE,
        claimType: emptyClaimType(PHONE),
        input: mayType ? 'TextBox' : 'Readonly',
        isRequired: true,
        options: numbers.map((value) => ({ text: value, value, selectByDefault: value === known })),
        verification: createVerification(),
      },
    ],
  };
}

const PHONE = 'phoneNumber';

export function submitPhone(visit: PageVisit): PageErrors | undefined {
  const [field] = visit.page.fields;
  if (field?.verification?.state !== 'verified') {
    return { page: { id: 'error_incorrect_code' }, items: {} };
  }
  const { address } = field.verification;
  const isNew = !field.options.some(({ value }) => value === address);
  const outputs = { 'verified.officephone': address, newphonenumberentered: isNew };
  completeProfile(visit, new Map<string, ClaimValue>(Object.entries(outputs)));
  return undefined;
}
