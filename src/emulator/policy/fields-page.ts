/** The page of a self-asserted technical profile. */
import { claimText } from './claim-text.ts';
import { type ClaimType, emptyClaimType } from './claims.ts';
import { readClaim } from './claims-bag.ts';
import { type Field, NO_ERRORS, type Page } from './page.ts';
import { isTrueSetting, partnerName, readInputs, setting } from './profile-claims.ts';
import type { ProfileVisit } from './run.ts';
import type { ClaimReference, DisplayClaim, TechnicalProfile } from './technical-profile.ts';
import { localizedOptions } from './texts.ts';
import { createVerification } from './verification.ts';

/** The parts of a page that its step decides. */
export type PageFrame = Pick<Page, 'kind' | 'contentDefinition' | 'providers' | 'links'>;

export function createFieldsPage(visit: ProfileVisit, frame: Partial<PageFrame> = {}): Page {
  const { profile } = visit;
  const fields = describeFields(visit);
  const isShown = (key: string) => isTrueSetting(profile, key, true);
  return {
    kind: 'fields',
    contentDefinition: profile.contentDefinition,
    providers: [],
    links: {},
    ...frame,
    profile,
    fields,
    hasContinue: isShown('setting.showContinueButton'),
    hasCancel: frame.kind !== 'sign-in' && isShown('setting.showCancelButton'),
    hasKeepMeSignedIn:
      isTrueSetting(profile, 'setting.enableRememberMe') ||
      (frame.kind === 'sign-in' && visit.run.policy.relyingParty.behaviors.keepAliveInDays > 0),
    values: knownValues(visit, fields),
    errors: NO_ERRORS,
    isAccepted: false,
  };
}

/** Display claims if there are any, otherwise the output claims that only the user can give. */
function describeFields(visit: ProfileVisit): Field[] {
  const { profile } = visit;
  if (profile.displayClaims.length > 0) {
    return profile.displayClaims.flatMap((claim) => describeDisplayClaim(visit, claim));
  }
  // A profile that takes a claim in, such as a REST API that corrects it, is not its source.
  const fromValidation = new Set(
    profile.validationProfiles.flatMap(({ profile: { inputClaims, outputClaims } }) =>
      outputClaims
        .filter((output) => !inputClaims.some((input) => input.claimType === output.claimType))
        .map(({ claimType }) => claimType),
    ),
  );
  return profile.outputClaims
    .filter(
      ({ claimType, defaultValue, partnerClaimType }) =>
        claimType.userInputType !== undefined &&
        defaultValue === undefined &&
        (!fromValidation.has(claimType) || isVerifiedEmail(partnerClaimType)),
    )
    .map((output) => describeOutputClaim(visit, output));
}

const isVerifiedEmail = (partnerClaimType: string | undefined): boolean =>
  partnerClaimType?.toLowerCase() === 'verified.email';

function describeOutputClaim(visit: ProfileVisit, reference: ClaimReference): Field {
  const mustVerify =
    isVerifiedEmail(reference.partnerClaimType) &&
    isTrueSetting(visit.profile, 'EnforceEmailVerification', true);
  return {
    ...describeField(visit, reference),
    ...(mustVerify ? { verification: createVerification() } : {}),
  };
}

function describeDisplayClaim(
  visit: ProfileVisit,
  { claimType, displayControl, isRequired }: DisplayClaim,
): Field[] {
  if (claimType) return [describeField(visit, { claimType, isRequired })];
  if (!displayControl) return [];
  if (displayControl.displayClaims.length === 0) {
    const { id } = displayControl;
    const field = { id, claimType: emptyClaimType(id), input: 'Paragraph', options: [] } as const;
    return [{ ...field, isRequired: false, control: displayControl }];
  }
  const verification =
    displayControl.type === 'VerificationControl' ? createVerification(displayControl) : undefined;
  return displayControl.displayClaims.flatMap((inner) => {
    // The code has its place in the control, not among the fields.
    if (!inner.claimType || inner.controlClaimType === 'VerificationCode') return [];
    const { claimType: type, isRequired: isNeeded } = inner;
    const field = describeField(visit, { claimType: type, isRequired: isNeeded });
    return verification ? { ...field, verification } : { ...field, control: displayControl };
  });
}

function describeField(
  { run, profile: { contentDefinition } }: ProfileVisit,
  { claimType, isRequired }: { claimType: ClaimType; isRequired: boolean },
): Field {
  return {
    id: claimType.id,
    claimType,
    input: claimType.userInputType?.value ?? 'TextBox',
    isRequired,
    options: localizedOptions(run, contentDefinition, claimType),
  };
}

/** Values of the input claims, as texts. A password is never filled in. */
function knownValues(visit: ProfileVisit, fields: readonly Field[]): Map<string, string> {
  const { profile } = visit;
  const inputs = readInputs(visit);
  const values = new Map<string, string>();
  for (const reference of profile.inputClaims) {
    const value = inputs.get(partnerName(reference, profile));
    if (value !== undefined) values.set(reference.claimType.id, claimText(value));
  }
  for (const { claimType, input, options } of fields) {
    if (input === 'Password') values.delete(claimType.id);
    const chosen = options.filter(({ selectByDefault }) => selectByDefault);
    if (!values.has(claimType.id) && chosen.length > 0) {
      values.set(claimType.id, chosen.map(({ value }) => value).join(','));
    }
    // A page shows what the bag has for texts that the user cannot change.
    const known = readClaim(visit.bag, claimType);
    const isText = input === 'Paragraph' || input === 'Readonly';
    if (isText && known !== undefined) values.set(claimType.id, claimText(known));
    // Policies write the options of a boolean claim as `True` and `False`.
    const typed = values.get(claimType.id)?.toLowerCase();
    const option = options.find(({ value }) => value.toLowerCase() === typed);
    if (option) values.set(claimType.id, option.value);
  }
  return values;
}

export const retryLimit = (profile: TechnicalProfile): number =>
  Number(setting(profile, 'setting.retryLimit')) || Number.POSITIVE_INFINITY;
