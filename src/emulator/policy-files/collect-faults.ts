import { didYouMean } from '../../did-you-mean.ts';
import type { Origin } from '../policy/origin.ts';
import { type PolicyFault, type Reporter, RULES } from './rules.ts';

/** Comparing words is slow. A folder full of unknown names gets suggestions for the first of them. */
const MAX_COMPARISONS = 20_000;

export interface FaultCollection extends Reporter {
  /** Errors and warnings in the order of files and lines, each once. */
  sorted(): { errors: PolicyFault[]; warnings: PolicyFault[] };
}

export function collectFaults(): FaultCollection {
  const found = new Map<string, PolicyFault>();
  let comparisons = 0;
  return {
    report(rule, { file, line, column }, values) {
      const message = RULES[rule].message.replace(/\{(\w+)\}/g, (_, name: keyof typeof values) =>
        String(values[name]),
      );
      const key = [rule, file, line, column, message].join('\n');
      // A base policy is read for each policy that inherits from it.
      if (found.has(key)) return;
      const text = /[.?!]$/.test(message) ? message : `${message}.`;
      found.set(key, { rule, message: text, fix: RULES[rule].fix, file, line, column });
    },
    suggest(word, known) {
      if (comparisons > MAX_COMPARISONS) return '';
      const words = typeof known === 'function' ? known() : known;
      comparisons += words.length;
      return didYouMean(word, words);
    },
    sorted() {
      const faults = [...found.values()].sort(compareOrigins);
      const withSeverity = (severity: string) =>
        faults.filter(({ rule }) => RULES[rule].severity === severity);
      return { errors: withSeverity('error'), warnings: withSeverity('warning') };
    },
  };
}

/** The order of files, lines and columns. */
export function compareOrigins(one: Origin, other: Origin): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
