/** Letters that may differ in a word of six letters or more, of which two changed places count as one. */
const MOST_SLIPS = 2;

/** The end of a sentence about a word that nobody knows: which one was meant, or nothing where none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearWord(word, known);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** Whether two words differ at most in capitals, in what stands between their parts, and in the parts' order. */
export const isSameWord = (one: string, other: string): boolean =>
  plain(one) === plain(other) || plain(inOrder(one)) === plain(inOrder(other));

function nearWord(word: string, known: readonly string[]): string | undefined {
  const meant = plain(word);
  const most = Math.min(MOST_SLIPS, Math.floor(meant.length / 3));
  let nearest: string | undefined;
  let least = most + 1;
  for (const candidate of known) {
    const letters = plain(candidate);
    // Of a word without end, no table is made.
    if (Math.abs(letters.length - meant.length) > most) continue;
    const slips = slipsBetween(meant, letters);
    if (slips < least) [nearest, least] = [candidate, slips];
  }
  return nearest;
}

const inOrder = (word: string) =>
  word
    .split(/[-_.]|(?<=[a-z])(?=[A-Z])/)
    .map((part) => part.toLowerCase())
    .sort()
    .join('_');

const plain = (word: string) => word.replace(/[-_.]/g, '').toLowerCase();

/** The edit distance (Damerau and Levenshtein's, each pair of letters changing places once at most). */
function slipsBetween(one: string, other: string): number {
  const at = (row: readonly number[], index: number) => row[index] ?? Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(
        Math.min(
          at(row, j - 1) + 1,
          at(last, j) + 1,
          at(last, j - 1) + (isSame ? 0 : 1),
          isSwapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, last] = [last, row];
  }
  return at(last, other.length);
}
