import { SignInError } from '../../errors.ts';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { Policy } from '../../oidc/policy.ts';
import type { Check } from '../check.ts';
import { type Answer, type Failure, isFailure } from '../probe.ts';
import { metadataChecks, saysUnknown } from './metadata-checks.ts';
import type { TenantCase } from './tenant-case.ts';

/** A policy whose metadata has been asked for. */
export interface Asked {
  policy: Policy;
  url: URL;
  result: Answer | Failure;
}

/** Whether the tenant answers that it does not know the policy, or itself. */
export const isUnknown = ({ result }: Asked): boolean => !isFailure(result) && saysUnknown(result);

/** One policy as its metadata shows it. @returns the provider when the server itself can use the policy */
export async function* policyChecks(
  given: TenantCase,
  { policy, url, result }: Asked,
  all: Asked[],
): AsyncGenerator<Check, DiscoveredPolicy | undefined> {
  const { explain, sayOf } = given;
  const say = sayOf(policy);
  if (isFailure(result)) {
    const { detail, mend } = explain(result.failure, url);
    yield say.mend('policy.metadata', detail, { mend });
    return undefined;
  }
  if (isUnknown({ policy, url, result }) && all.length > 1 && all.every(isUnknown)) {
    yield say.skipped('policy.metadata', `${policy.name}: see the name of the tenant`);
    return undefined;
  }
  let isGood = true;
  for await (const check of metadataChecks(given, { policy, url, answer: result })) {
    if (check.outcome === 'mend') isGood = false;
    yield check;
  }
  if (!isGood) {
    yield say.skipped('policy.usable', 'after what is to be mended');
    return undefined;
  }
  return yield* verdict(given, policy);
}

/** What the server itself would say, so that nothing is called good here that it refuses. */
async function* verdict(
  { discovery, sayOf }: TenantCase,
  policy: Policy,
): AsyncGenerator<Check, DiscoveredPolicy | undefined> {
  const say = sayOf(policy);
  try {
    const provider = await discovery.get(policy);
    await provider.keys.preload();
    yield say.ok('policy.usable', `${policy.name}: the server takes its metadata and keys`);
    return provider;
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    yield say.mend('policy.usable', error.message, {
      mend: `Look ${error.code} up in docs/errors.md.`,
    });
    return undefined;
  }
}
