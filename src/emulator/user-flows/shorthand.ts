import type { ClaimsTransformation, ClaimType } from '../policy/claims.ts';
import type { OrchestrationStep } from '../policy/policy.ts';
import type {
  ClaimReference,
  Precondition,
  TechnicalProfile,
} from '../policy/technical-profile.ts';
import { claim, exchange, ORIGIN, profile, step } from './model.ts';

export type Step = Omit<OrchestrationStep, 'order'>;

/** A step that runs one technical profile. */
export const run = (one: TechnicalProfile, ...preconditions: Precondition[]): Step =>
  step('ClaimsExchange', { exchanges: [exchange(one.id, one)], preconditions });

/** Claims by their names at the other party. */
export const named = (claims: Readonly<Record<string, ClaimType>>): ClaimReference[] =>
  Object.entries(claims).map(([partner, type]) => claim(type, { partner }));

/** A claim that always has this value, which can be a claim resolver. */
export const constant = (type: ClaimType, value: string): ClaimReference =>
  claim(type, { value, alwaysUseDefaultValue: true });

/** Reads or writes the account that the key claim names. */
export const directory = (
  id: string,
  account: 'exists',
  { writes, ...options }: { writes?: ClaimReference[] } & Parameters<typeof profile>[1],
): TechnicalProfile =>
  profile(id, {
    handler: 'directory',
    settings: {
      Operation: writes ? 'Write' : 'Read',
      RaiseErrorIfClaimsPrincipalDoesNotExist: String(account === 'exists'),
    },
    persistedClaims: writes ?? [],
    ...options,
  });

/** Claims by the name of the method's argument. */
export function transformation(
  method: string,
  {
    inputs = {},
    parameters = {},
    outputs,
  }: {
    inputs?: Record<string, ClaimType>;
    parameters?: Record<string, string>;
    outputs: Record<string, ClaimType>;
  },
): ClaimsTransformation {
  const claims = (named: Record<string, ClaimType>) =>
    Object.entries(named).map(([argument, type]) => ({ ...ORIGIN, claimType: type, argument }));
  return {
    ...{ ...ORIGIN, id: method, method },
    inputClaims: claims(inputs),
    inputParameters: Object.entries(parameters).map(([id, value]) => ({
      ...{ ...ORIGIN, id, dataType: 'string' as const, value },
    })),
    outputClaims: claims(outputs),
  };
}
