import type { ClaimsTransformation } from '../policy/claims.ts';
import type { ContentDefinition } from '../policy/content.ts';
import type { Policy } from '../policy/policy.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';
import type { Report } from './rules.ts';

/** The transformations that take texts from the languages of the page, and where those texts stand. */
const LOCALIZING: Record<
  string,
  { elementType: string; ids: (t: ClaimsTransformation) => string[] }
> = {
  GetLocalizedStringsTransformation: {
    elementType: 'GetLocalizedStringsTransformationClaimType',
    ids: ({ outputClaims }) => outputClaims.map(({ argument }) => argument ?? ''),
  },
  FormatLocalizedString: {
    elementType: 'FormatLocalizedStringTransformationClaimType',
    ids: ({ inputParameters }) =>
      inputParameters.filter(({ id }) => id === 'stringFormatId').map(({ value }) => value),
  },
};

/** Texts that a transformation asks for and that a language of the profile's page does not have. */
export function checkLocalizedTexts(policy: Policy, report: Report): void {
  for (const profile of policy.technicalProfiles.values()) {
    const transformations = [
      ...profile.inputClaimsTransformations,
      ...profile.outputClaimsTransformations,
    ];
    for (const transformation of transformations) checkTexts(transformation, profile, report);
  }
}

function checkTexts(
  transformation: ClaimsTransformation,
  profile: TechnicalProfile,
  report: Report,
): void {
  const localizing = LOCALIZING[transformation.method];
  if (!localizing) return;
  const { contentDefinition: content } = profile;
  if (!content) {
    const what = `"${profile.id}" calls "${transformation.id}" and has no ContentDefinitionReferenceId`;
    report('localization-without-page', profile, what);
    return;
  }
  for (const id of localizing.ids(transformation)) {
    for (const language of languagesWithout(content, { ...localizing, id })) {
      const what = `The texts of "${content.id}" in "${language}" have no string "${id}"`;
      report('localized-string-missing', transformation, what);
    }
  }
}

function languagesWithout(
  { localizedResources }: ContentDefinition,
  { elementType, id }: { elementType: string; id: string },
): string[] {
  return [...localizedResources]
    .filter(
      ([, { strings }]) =>
        !strings.some((it) => it.elementType === elementType && it.stringId === id),
    )
    .map(([language]) => language);
}
