/** Texts that a policy gives to its pages, in the language of the journey. */
import type { ClaimType } from './claims.ts';
import type { ContentDefinition, LocalizedResources, LocalizedString } from './content.ts';
import type { Field } from './page.ts';
import type { JourneyRun } from './run.ts';

/** A journey, as far as its texts depend on it. */
type TextContext = Pick<JourneyRun, 'language' | 'policy'>;

interface Wanted {
  readonly elementType: string;
  readonly elementId?: string | undefined;
}

const isSame = (left: string | undefined, right: string): boolean =>
  left?.toLowerCase() === right.toLowerCase();

/** The resources of the language, or of the default language of the policy. */
function resourcesOf(
  { language, policy }: TextContext,
  contentDefinition: ContentDefinition | undefined,
): LocalizedResources | undefined {
  const [base = ''] = language.split('-');
  return [language, base, policy.localization.defaultLanguage ?? '']
    .map((tag) => contentDefinition?.localizedResources.get(tag.toLowerCase()))
    .find((resources) => resources !== undefined);
}

const stringsOf = (
  run: TextContext,
  contentDefinition: ContentDefinition | undefined,
  { elementType, elementId }: Wanted,
): readonly LocalizedString[] =>
  (resourcesOf(run, contentDefinition)?.strings ?? []).filter(
    (string) =>
      isSame(string.elementType, elementType) &&
      (elementId === undefined || isSame(string.elementId, elementId)),
  );

/** The text of a localized string; `undefined` if the policy has none and the page uses its own. */
export const localizedText = (
  run: TextContext,
  contentDefinition: ContentDefinition | undefined,
  { stringId, ...wanted }: Wanted & { stringId: string },
): string | undefined =>
  stringsOf(run, contentDefinition, wanted).find((one) => isSame(one.stringId, stringId))?.text;

/** All localized strings of a kind by ID, such as the texts of a page or of one display control. */
export const localizedStrings = (
  run: TextContext,
  contentDefinition: ContentDefinition | undefined,
  wanted: Wanted,
): Record<string, string> =>
  Object.fromEntries(
    stringsOf(run, contentDefinition, wanted).map(({ stringId, text }) => [stringId, text]),
  );

/** The choices of a field: those of the language, or of the claim type. */
export function localizedOptions(
  run: TextContext,
  contentDefinition: ContentDefinition | undefined,
  { id, enumeration }: ClaimType,
): Field['options'] {
  const resources = resourcesOf(run, contentDefinition);
  return (
    resources?.collections.find(({ elementId }) => isSame(elementId, id))?.items ?? enumeration
  );
}
