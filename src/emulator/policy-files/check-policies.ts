import { checkChain } from './check-chain.ts';
import { checkUnused } from './check-unused.ts';
import { collectFaults } from './collect-faults.ts';
import type { CheckResult } from './format-faults.ts';
import { readPolicies } from './read-policies.ts';

/** Checks every policy below a folder. Throws when the folder cannot be read. */
export async function checkPolicies(options: {
  folder: string;
  environment?: string | undefined;
}): Promise<CheckResult> {
  const faults = collectFaults();
  const { files, chains } = await readPolicies(options, faults);
  for (const chain of chains.values()) checkChain(chain, faults);
  checkUnused(files, faults.report);
  return { files: files.length, ...faults.sorted() };
}
