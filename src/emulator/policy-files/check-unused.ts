import type { PolicyFile } from './policy-file.ts';
import type { Report } from './rules.ts';
import { attributeValue, elementsAt, idOf } from './xml-element.ts';

const LISTS = ['InputClaimsTransformation', 'OutputClaimsTransformation'];

/** Transformations that no profile of the folder calls. A folder without a relying party has no users yet. */
export function checkUnused(files: readonly PolicyFile[], report: Report): void {
  if (!files.some(({ relyingParty }) => relyingParty)) return;
  const profiles = files.flatMap((file) => [...file.definitions.TechnicalProfile.values()]);
  const references = LISTS.flatMap((name) =>
    profiles.flatMap((profile) => elementsAt(profile, `${name}s/${name}`)),
  );
  const used = new Set(references.map((it) => attributeValue(it, 'ReferenceId')?.toLowerCase()));
  for (const file of files) {
    for (const [id, transformation] of file.definitions.ClaimsTransformation) {
      if (used.has(id)) continue;
      report('transformation-unused', transformation, { id: idOf(transformation) });
    }
  }
}
