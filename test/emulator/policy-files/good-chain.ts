import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPolicies } from '../../../dist/emulator/policy-files/check-policies.js';
import type { PolicyFault } from '../../../dist/emulator/policy-files/rules.js';

/** A chain of four files without an error or a warning. The tests read it where the sources are. */
export const GOOD_CHAIN = fileURLToPath(
  new URL('../../../test/emulator/policy-files/good', import.meta.url),
);

export type PolicyName = 'base' | 'extensions' | 'sign-up-or-sign-in' | 'edit-profile';

/** One edit of the chain, and where it has to be reported. */
export interface Mistake {
  /** The file that is edited; `extensions` by default. */
  file?: PolicyName;
  /** The text that is replaced, which occurs once in the file. */
  from: string;
  to: string;
  /** A text of the line that the rule has to name; `to` without its indentation by default. */
  at?: string;
  /** The file of that line, when it is another one. */
  in?: PolicyName;
}

/** A copy of the chain that is edited and put back, one mistake at a time. */
export function copyGoodChain(folder: string) {
  cpSync(GOOD_CHAIN, folder, { recursive: true });
  const fileOf = (name: PolicyName) => path.join(folder, `${name}.xml`);
  return {
    fileOf,
    read: (name: PolicyName) => readFileSync(fileOf(name), 'utf8'),
    /** All that is found with a mistake, and the line of it. */
    async plant(mistake: Mistake): Promise<{ faults: PolicyFault[]; file: string; line: number }> {
      const { file = 'extensions', from, to, at = to.trim().split('\n')[0] ?? '' } = mistake;
      const original = readFileSync(fileOf(file), 'utf8');
      const [before = '', after, ...more] = original.split(from);
      if (after === undefined || more.length > 0) {
        throw new Error(
          `"${from}" occurs ${after === undefined ? 'nowhere' : 'more than once'} in ${file}`,
        );
      }
      try {
        writeFileSync(fileOf(file), before + to + after);
        const { errors, warnings } = await checkPolicies({ folder });
        const place = fileOf(mistake.in ?? file);
        const lines = readFileSync(place, 'utf8').split('\n');
        const line = lines.findIndex((text) => text.includes(at)) + 1;
        if (line === 0) throw new Error(`"${at}" is in no line of ${place}`);
        return { faults: [...errors, ...warnings], file: place, line };
      } finally {
        writeFileSync(fileOf(file), original);
      }
    },
  };
}
