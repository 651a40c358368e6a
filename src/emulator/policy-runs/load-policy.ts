/** Reads one policy of a folder, or says what `policies check` says about it. */
import { didYouMean } from '../../did-you-mean.ts';
import type { Policy } from '../policy/policy.ts';
import { checkChain } from '../policy-files/check-chain.ts';
import { collectFaults } from '../policy-files/collect-faults.ts';
import { type CheckResult, formatFaults } from '../policy-files/format-faults.ts';
import { readPolicies } from '../policy-files/read-policies.ts';

/** The folder has no such policy, or one that a tenant refuses. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  /** Absent if there is no such policy. */
  readonly faults: CheckResult | undefined;

  constructor(message: string, faults?: CheckResult) {
    super(message);
    this.faults = faults;
  }
}

/** @throws PolicyError, AppSettingsError, or a system error */
export async function loadPolicy(options: {
  folder: string;
  policy: string;
  environment?: string | undefined;
}): Promise<Policy> {
  const { folder, policy: id } = options;
  const faults = collectFaults();
  const { files, chains } = await readPolicies(options, faults);
  const wanted = files.find((file) => file.id.toLowerCase() === id.toLowerCase());
  const chain = wanted && chains.get(wanted);
  const policy = chain && checkChain(chain, faults);
  // Files that could not be read may be the policy.
  const own = chain?.map(({ path }) => path);
  const errors = faults.sorted().errors.filter(({ file }) => own?.includes(file) ?? true);
  if (errors.length > 0) {
    const result = { files: own?.length ?? files.length, errors, warnings: [] };
    throw new PolicyError(
      formatFaults(result, { format: 'text', paint: (_, text) => text }),
      result,
    );
  }
  if (policy) return policy;
  if (chain) throw new PolicyError(`The policy "${id}" has no relying party.`);
  const names = files.filter(({ relyingParty }) => relyingParty).map((file) => file.id);
  throw new PolicyError(`There is no policy "${id}" in ${folder}${didYouMean(id, names) || '.'}`);
}
