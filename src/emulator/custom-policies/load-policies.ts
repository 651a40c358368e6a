/** Reads the relying parties below a folder as policies that the tenant can serve. */
import { isPolicyName, type Policy as PolicySettings } from '../definition/policy.ts';
import type { Policy } from '../policy/policy.ts';
import { checkChain } from '../policy-files/check-chain.ts';
import { collectFaults } from '../policy-files/collect-faults.ts';
import { readPolicies } from '../policy-files/read-policies.ts';
import type { PolicyFault } from '../policy-files/rules.ts';
import { definePolicySettings } from './policy-settings.ts';

/** A policy from XML, with its settings for the endpoints. */
export interface ServedPolicy {
  readonly settings: PolicySettings;
  readonly model: Policy;
  /** Errors in the files of its chain, which a tenant would refuse. The emulator runs the policy anyway. */
  readonly errors: readonly PolicyFault[];
}

export interface LoadedPolicies {
  readonly policies: readonly ServedPolicy[];
  /** Errors of all files, also of those that give no policy. */
  readonly errors: readonly PolicyFault[];
}

/** @throws Error if the folder or its `appsettings.json` cannot be read */
export async function loadPolicies(options: {
  folder: string;
  environment?: string | undefined;
}): Promise<LoadedPolicies> {
  const faults = collectFaults();
  const { chains } = await readPolicies(options, faults);
  const models = [...chains.values()].flatMap((chain) => checkChain(chain, faults) ?? []);
  const { errors } = faults.sorted();
  // A name that no URL can have is reported as an error.
  const policies = models
    .filter(({ id }) => isPolicyName(id))
    .map((model) => ({
      settings: definePolicySettings(model),
      model,
      errors: errors.filter(({ file }) => model.files.includes(file)),
    }));
  return { policies, errors };
}
