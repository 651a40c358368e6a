import { SignInError } from '../../errors.ts';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { Policy } from '../../oidc/policy.ts';
import type { Check } from '../check.ts';
import { type Failure, isFailure, type ProbeResponse } from '../probe.ts';
import { isUnknownPolicy, metadataChecks } from './metadata-checks.ts';
import type { TenantContext } from './tenant-context.ts';

/** A policy, and the response to a request for its discovery document. */
export interface DiscoveryProbe {
  policy: Policy;
  url: URL;
  result: ProbeResponse | Failure;
}

/** Whether the tenant responds that the policy, or the tenant, does not exist. */
export const isUnknown = ({ result }: DiscoveryProbe): boolean =>
  !isFailure(result) && isUnknownPolicy(result);

/** Checks one policy. @returns the policy if the server can use it */
export async function* policyChecks(
  context: TenantContext,
  { policy, url, result }: DiscoveryProbe,
  all: DiscoveryProbe[],
): AsyncGenerator<Check, DiscoveredPolicy | undefined> {
  const { explain, reporterFor } = context;
  const report = reporterFor(policy);
  if (isFailure(result)) {
    const { detail, fix } = explain(result.failure, url);
    yield report.fail('policy.metadata', detail, { fix });
    return undefined;
  }
  if (isUnknown({ policy, url, result }) && all.length > 1 && all.every(isUnknown)) {
    yield report.skipped('policy.metadata', `${policy.name}: see Tenant name`);
    return undefined;
  }
  let hasFailed = false;
  for await (const check of metadataChecks(context, { policy, url, response: result })) {
    if (check.status === 'fail') hasFailed = true;
    yield check;
  }
  if (hasFailed) {
    yield report.skipped('policy.usable', 'checks above failed');
    return undefined;
  }
  return yield* serverCheck(context, policy);
}

/** Checks the policy with the code of the server, so that doctor never accepts what the server rejects. */
async function* serverCheck(
  { discovery, reporterFor }: TenantContext,
  policy: Policy,
): AsyncGenerator<Check, DiscoveredPolicy | undefined> {
  const report = reporterFor(policy);
  try {
    const provider = await discovery.get(policy);
    await provider.keys.preload();
    yield report.ok('policy.usable', `${policy.name}: the server accepts its metadata and keys`);
    return provider;
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    yield report.fail('policy.usable', error.message, {
      fix: `Look up ${error.code} in docs/errors.md.`,
    });
    return undefined;
  }
}
