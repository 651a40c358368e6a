import type { PolicyFile } from './policy-file.ts';
import type { Report } from './rules.ts';
import { attributeValue, elementsAt } from './xml-element.ts';

const LISTS = ['InputClaimsTransformation', 'OutputClaimsTransformation'];

/** Transformations that no profile of the folder calls. A folder without a relying party has no users yet. */
export function checkUnused(files: readonly PolicyFile[], report: Report): void {
  if (!files.some(({ relyingParty }) => relyingParty)) return;
  const used = new Set<string>();
  for (const file of files) {
    for (const profile of file.definitions.TechnicalProfile.values()) {
      for (const name of LISTS) {
        for (const reference of elementsAt(profile, `${name}s`, name)) {
          used.add(attributeValue(reference, 'ReferenceId')?.toLowerCase() ?? '');
        }
      }
    }
  }
  for (const file of files) {
    for (const [id, transformation] of file.definitions.ClaimsTransformation) {
      if (used.has(id)) continue;
      const name = attributeValue(transformation, 'Id');
      report('transformation-unused', transformation, `No technical profile uses "${name}"`);
    }
  }
}
