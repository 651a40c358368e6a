import type { ClaimsTransformation } from '../policy/claims.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';
import type { Report } from './rules.ts';

interface Localizing {
  readonly elementType: string;
  readonly ids: (transformation: ClaimsTransformation) => string[];
}

/** The transformations that take texts from the languages of the page, and where those texts stand. */
const LOCALIZING: Record<string, Localizing> = {
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
export function checkLocalizedTexts(profile: TechnicalProfile, report: Report): void {
  const { inputClaimsTransformations, outputClaimsTransformations, contentDefinition } = profile;
  for (const transformation of [...inputClaimsTransformations, ...outputClaimsTransformations]) {
    const localizing = LOCALIZING[transformation.method];
    if (!localizing) continue;
    if (!contentDefinition) {
      const names = { profile: profile.id, transformation: transformation.id };
      report('localization-without-page', profile, names);
      continue;
    }
    for (const id of localizing.ids(transformation)) {
      for (const [language, { strings }] of contentDefinition.localizedResources) {
        const isText = ({ elementType, stringId }: (typeof strings)[number]) =>
          elementType === localizing.elementType && stringId === id;
        if (strings.some(isText)) continue;
        const names = { content: contentDefinition.id, language, id };
        report('localized-string-missing', transformation, names);
      }
    }
  }
}
