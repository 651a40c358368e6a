/** Texts that a policy gives to its pages, in the language of the journey. */
import type { ClaimType } from './claims.ts';
import type { ContentDefinition, LocalizedResources } from './content.ts';
import type { Field } from './page.ts';
import type { JourneyRun } from './run.ts';

/** The resources of the language, or of the default language of the policy. */
function resourcesOf(
  { language, policy }: Pick<JourneyRun, 'language' | 'policy'>,
  contentDefinition: ContentDefinition | undefined,
): LocalizedResources | undefined {
  const { localizedResources } = contentDefinition ?? {};
  const tag = language.toLowerCase();
  const fallback = policy.localization.defaultLanguage?.toLowerCase() ?? '';
  return (
    localizedResources?.get(tag) ??
    localizedResources?.get(tag.split('-')[0] ?? '') ??
    localizedResources?.get(fallback)
  );
}

/** The text of a localized string; `undefined` if the policy has none and the page uses its own. */
export function localizedText(
  run: Pick<JourneyRun, 'language' | 'policy'>,
  contentDefinition: ContentDefinition | undefined,
  {
    elementType,
    elementId,
    stringId,
  }: { elementType: string; elementId?: string | undefined; stringId: string },
): string | undefined {
  const isSame = (left: string | undefined, right: string) =>
    left?.toLowerCase() === right.toLowerCase();
  return resourcesOf(run, contentDefinition)?.strings.find(
    (string) =>
      isSame(string.elementType, elementType) &&
      isSame(string.stringId, stringId) &&
      (elementId === undefined || isSame(string.elementId, elementId)),
  )?.text;
}

/** All localized strings of a kind by ID, such as the texts of a page or of one display control. */
export function localizedStrings(
  run: Pick<JourneyRun, 'language' | 'policy'>,
  contentDefinition: ContentDefinition | undefined,
  { elementType, elementId }: { elementType: string; elementId?: string },
): Record<string, string> {
  const strings = resourcesOf(run, contentDefinition)?.strings ?? [];
  const wanted = strings.filter(
    (string) =>
      string.elementType.toLowerCase() === elementType.toLowerCase() &&
      (elementId === undefined || string.elementId?.toLowerCase() === elementId.toLowerCase()),
  );
  return Object.fromEntries(wanted.map(({ stringId, text }) => [stringId, text]));
}

/** The choices of a field: those of the language, or of the claim type. */
export function localizedOptions(
  run: Pick<JourneyRun, 'language' | 'policy'>,
  contentDefinition: ContentDefinition | undefined,
  { id, enumeration }: ClaimType,
): Field['options'] {
  const collection = resourcesOf(run, contentDefinition)?.collections.find(
    ({ elementId }) => elementId.toLowerCase() === id.toLowerCase(),
  );
  return collection?.items ?? enumeration;
}
