import type { Origin } from '../policy/origin.ts';

/** Line and column of an index in a text. */
export type Position = (index: number) => Origin;

export function createPositions(file: string, text: string): Position {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  return (index) => {
    const at = Math.max(0, Math.min(index, text.length));
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { file, line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  };
}
