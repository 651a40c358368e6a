import type { ClaimValue } from './claims-bag.ts';
import type { Scope } from './run.ts';
import { localizedOptions, localizedText } from './texts.ts';
import type { ProfileTrace } from './trace.ts';
import { maskClaims } from './trace-profile.ts';
import type { TransformationContext } from './transformations/method.ts';

/** The surroundings that claims transformations use. */
export const transformationContext = (
  { run, messages }: Scope,
  trace: ProfileTrace,
): TransformationContext => ({
  now: run.tenant.now,
  secret: run.tenant.secret,
  tenantDomain: run.tenant.domain,
  text: (elementType, stringId) =>
    localizedText(run, messages.contentDefinition, { elementType, stringId }),
  options: (claimType) => localizedOptions(run, messages.contentDefinition, claimType),
  record: ({ inputs, outputs, ...rest }) =>
    trace.transformations.push({ ...rest, inputs: masked(inputs), outputs: masked(outputs) }),
});

const masked = (claims: Record<string, ClaimValue | undefined>) => ({
  ...claims,
  ...maskClaims(
    Object.entries(claims).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ),
});
