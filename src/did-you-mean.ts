/** The most edits that count as a typing mistake, in a name of six letters or more. */
const MAX_EDITS = 2;

/** The end of a sentence about an unknown name: which known name is close to it, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const match = closestMatch(name, known);
  return match === undefined ? '' : `; did you mean "${match}"?`;
}

/** Returns the known name that an unknown one, at most `maxEdits` edits away, is most likely a misspelling of. */
export function closestMatch(
  name: string,
  known: readonly string[],
  { maxEdits = MAX_EDITS } = {},
): string | undefined {
  const wanted = normalized(name);
  const most = Math.min(maxEdits, Math.floor(wanted.length / 3));
  let closest: string | undefined;
  let least = most + 1;
  for (const candidate of known) {
    const letters = normalized(candidate);
    // Avoids a table of unlimited size for an extremely long name.
    if (Math.abs(letters.length - wanted.length) > most) continue;
    const edits = editDistance(wanted, letters);
    if (edits < least) [closest, least] = [candidate, edits];
  }
  return closest;
}

/** Whether two names differ only in case, in separators, or in the order of their parts. */
export const isSameName = (a: string, b: string): boolean =>
  normalized(a) === normalized(b) || normalized(sortedParts(a)) === normalized(sortedParts(b));

const sortedParts = (name: string) =>
  name
    .split(/[-_.]|(?<=[a-z])(?=[A-Z])/)
    .map((part) => part.toLowerCase())
    .sort()
    .join('_');

const normalized = (name: string) => name.replace(/[-_.]/g, '').toLowerCase();

/** The Damerau-Levenshtein distance, in the variant that swaps each pair of letters at most once. */
function editDistance(a: string, b: string): number {
  const at = (row: readonly number[], index: number) => row[index] ?? Number.POSITIVE_INFINITY;
  let previous: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(row, j - 1) + 1,
          at(last, j) + 1,
          at(last, j - 1) + (isSame ? 0 : 1),
          isSwapped ? at(previous, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [previous, last] = [last, row];
  }
  return at(last, b.length);
}
