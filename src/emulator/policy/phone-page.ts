/** The page of `PhoneFactorProtocolProvider`: a phone number, then the code that was sent to it. */
import { claimText } from './claim-text.ts';
import { emptyClaimType } from './claims.ts';
import type { ClaimValue } from './claims-bag.ts';
import { createFieldsPage } from './fields-page.ts';
import type { Page, PageErrors } from './page.ts';
import { isTrueSetting, partnerName, readInputs } from './profile-claims.ts';
import type { FormValues, JourneyRun, PageVisit, Scope } from './run.ts';
import { completeProfile } from './run-profile.ts';
import type { TechnicalProfile } from './technical-profile.ts';
import { createVerification } from './verification.ts';

/** The field of the phone page. Known numbers are its options: none to enrol, several to choose. */
export function createPhonePage(scope: Scope, profile: TechnicalProfile): Page {
  const inputs = readInputs(scope, profile);
  const numbers = profile.inputClaims
    .filter((reference) => partnerName(reference, profile) !== 'userid')
    .map((reference) => inputs.get(partnerName(reference, profile)))
    .flatMap((value) => (value === undefined ? [] : [claimText(value)]));
  const mayType = numbers.length === 0 || isTrueSetting(profile, 'ManualPhoneNumberEntryAllowed');
  const page = createFieldsPage(scope, profile, { kind: 'phone' });
  const [known] = numbers;
  return {
    ...page,
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

export async function submitPhone(
  run: JourneyRun,
  { page, profile, trace }: PageVisit,
  _form: FormValues,
): Promise<PageErrors | undefined> {
  const verification = page.fields[0]?.verification;
  if (verification?.state !== 'verified')
    return { page: { id: 'error_incorrect_code' }, items: {} };
  const { address } = verification;
  const isNew = !page.fields[0]?.options.some(({ value }) => value === address);
  const outputs = new Map<string, ClaimValue>([
    ['verified.officephone', address],
    ['newphonenumberentered', isNew],
  ]);
  completeProfile({ run, bag: run.bag, messages: profile }, profile, { outputs, trace });
  return undefined;
}
