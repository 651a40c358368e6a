import type { Scope } from './run.ts';
import { localizedOptions, localizedText } from './texts.ts';
import type { TransformationContext } from './transformations/transformations.ts';

/** The surroundings that claims transformations use. */
export const transformationContext = ({ run, messages }: Scope): TransformationContext => ({
  now: run.tenant.now,
  secret: run.tenant.secret,
  tenantDomain: run.tenant.domain,
  findClaimType: run.policy.findClaimType,
  text: (elementType, elementId, stringId) =>
    localizedText(run, messages.contentDefinition, { elementType, elementId, stringId }),
  options: (claimType) => localizedOptions(run, messages.contentDefinition, claimType),
});
