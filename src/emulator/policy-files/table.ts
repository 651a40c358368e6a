/** Tables in the sources: one line a row, `|` between cells, white space between the words of a cell. */

export const rowsOf = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

export const wordsOf = (cell: string): string[] => cell.split(/\s+/).filter((word) => word !== '');
