/**
 * Checks imports against the table "Who may import whom" of docs/architecture.md, and finds import
 * cycles. Works on texts, so that a test can plant a violation.
 *
 * A row names one part or several (`app`, `site`) and what that part may import. A part is a file of
 * `src` without `.ts`, a folder, or a subfolder; the row with the longest matching name applies.
 */
import path from 'node:path';

/** The text of each file, by its path below `src`. */
export type Sources = ReadonlyMap<string, string>;

export interface Row {
  /** The names in the first cell. */
  parts: readonly string[];
  /** The names in the second cell: `errors`, `type config`, `dynamic undici`. */
  allowed: readonly string[];
}

interface Import {
  from: string;
  kind: 'value' | 'type' | 'dynamic';
}

/** The rows of the table that starts with `| part | may import |`. */
export function parseImportTable(document: string): Row[] {
  const lines = document.split('\n');
  const start = lines.indexOf('| part | may import |');
  if (start === -1) throw new Error('the table "| part | may import |" is missing');
  const rows: Row[] = [];
  for (const line of lines.slice(start + 2)) {
    const [, first, second] = /^\| (.+?) \| (.+?) \|$/.exec(line) ?? [];
    if (first === undefined || second === undefined) break;
    const parts = [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    rows.push({ parts, allowed: second === 'node only' ? [] : second.split(', ') });
  }
  return rows;
}

/** The imports, exports and `import()` calls of a text. */
export function importsIn(text: string): Import[] {
  const imports: Import[] = [];
  for (const [, clause = '', from = ''] of text.matchAll(
    /^(?:import|export)\s([^;'"]*?)\s*from\s+'([^']+)';/gms,
  )) {
    imports.push({ from, kind: clause.startsWith('type ') ? 'type' : 'value' });
  }
  for (const [, from = ''] of text.matchAll(/^import\s+'([^']+)';/gm)) {
    imports.push({ from, kind: 'value' });
  }
  for (const [, from = ''] of text.matchAll(/\bimport\('([^']+)'\)/g)) {
    imports.push({ from, kind: 'dynamic' });
  }
  return imports;
}

/** Returns one sentence for each import that violates the table. */
export function findForbiddenImports(sources: Sources, rows: readonly Row[]): string[] {
  const problems: string[] = [];
  for (const [file, text] of sources) {
    const row = findRow(file, rows);
    if (!row) {
      problems.push(`${file} belongs to no part: its folder needs a row in the table`);
      continue;
    }
    for (const { from, kind } of importsIn(text)) {
      if (from.startsWith('node:') || isAllowed(row, rows, { file, from, kind })) continue;
      problems.push(`${file} must not import ${from} (${kind})`);
    }
  }
  return problems;
}

function isAllowed(
  row: Row,
  rows: readonly Row[],
  { file, from, kind }: Import & { file: string },
): boolean {
  const isOwn = from.startsWith('.');
  const target = isOwn ? resolveImport(from, file) : packageName(from);
  const targetRow = isOwn ? findRow(target, rows) : undefined;
  if (targetRow === row) return true;
  return row.allowed.some((entry) => {
    const [, only, name = ''] = /^(?:(type|dynamic) )?(.+)$/.exec(entry) ?? [];
    if (only !== undefined && only !== kind) return false;
    return isOwn ? targetRow?.parts.includes(name) || isBelow(target, name) : target === name;
  });
}

/** `undefined` also where other subfolders of the same folder have rows, but this one has not. */
function findRow(file: string, rows: readonly Row[]): Row | undefined {
  const parts = rows.flatMap((row) => row.parts);
  const [part] = parts
    .filter((candidate) => isBelow(file, candidate))
    .sort((a, b) => b.length - a.length);
  if (part === undefined) return undefined;
  const isInSubfolder = file.slice(part.length + 1).includes('/');
  if (isInSubfolder && parts.some((candidate) => candidate.startsWith(`${part}/`)))
    return undefined;
  return rows.find((row) => row.parts.includes(part));
}

const isBelow = (file: string, part: string) =>
  file === `${part}.ts` || file.startsWith(`${part}/`);

const packageName = (from: string) => /^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from;

const resolveImport = (from: string, importer: string) =>
  path.posix.join(path.posix.dirname(importer), from);

/**
 * The import cycles between files, types and `import()` included: each is a set of files that all
 * import each other, directly or through others (the strongly connected components, after Tarjan).
 */
export function findImportCycles(sources: Sources): string[][] {
  const cycles: string[][] = [];
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string) => {
    index.set(file, index.size);
    lowest.set(file, index.size - 1);
    stack.push(file);
    for (const { from } of importsIn(sources.get(file) ?? '')) {
      const target = from.startsWith('.') ? resolveImport(from, file) : '';
      if (!sources.has(target)) continue;
      if (target === file) cycles.push([file]);
      if (!index.has(target)) visit(target);
      else if (!stack.includes(target)) continue;
      lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(target) ?? 0));
    }
    if (lowest.get(file) !== index.get(file)) return;
    const members = stack.splice(stack.indexOf(file));
    if (members.length > 1) cycles.push(members.sort());
  };
  for (const file of sources.keys()) if (!index.has(file)) visit(file);
  return cycles;
}
