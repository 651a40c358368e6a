/** Input and output of a transformation method, and how it reads its arguments. */
import { claimText } from '../claim-text.ts';
import type {
  ClaimType,
  EnumerationItem,
  TransformationClaim,
  TransformationParameter,
} from '../claims.ts';
import type { ClaimValue } from '../claims-bag.ts';
import { JourneyError } from '../claims-error.ts';
import type { TransformationTrace } from '../trace.ts';

/** The surroundings of methods: clock, keys and texts. */
export interface TransformationContext {
  /** Epoch milliseconds. */
  now(): number;
  /** Value of a policy key. */
  secret(storageReferenceId: string): string;
  /** A localized string in the language of the journey. */
  text(elementType: string, stringId: string): string | undefined;
  /** The options of a claim type in the language of the journey. */
  options(claimType: ClaimType): readonly Pick<EnumerationItem, 'text' | 'value'>[];
  /** Stands for `{RelyingPartyTenantId}` in input parameters. */
  readonly tenantDomain: string;
  /** Gets the record of every run, also of one that fails. Its claims are not masked. */
  record(trace: TransformationTrace): void;
}

interface Arguments {
  /** In the order of the policy; the name is that of the argument, or the ID of the claim without one. */
  readonly claims: readonly { readonly name: string; readonly value: ClaimValue | undefined }[];
  readonly parameters: readonly TransformationParameter[];
  readonly outputClaims: readonly TransformationClaim[];
  readonly context: TransformationContext;
}

/** One call of a method. Names are compared without case; a claim without a value is `undefined`. */
export interface MethodCall extends Arguments {
  claim(name: string): ClaimValue | undefined;
  /** The value as .NET writes it. */
  text(name: string): string | undefined;
  /** A claim without a value counts as false. */
  boolean(name: string): boolean;
  list<Item>(name: string): readonly Item[];
  parameter(id: string): string | undefined;
  isOn(id: string, standard?: boolean): boolean;
}

export function createCall(call: Arguments): MethodCall {
  const claim = (name: string) => call.claims.find((one) => isEqual(one.name, name, true))?.value;
  const text = (name: string) => {
    const value = claim(name);
    return value === undefined ? undefined : netText(value);
  };
  const parameter = (id: string) => call.parameters.find((one) => isEqual(one.id, id, true))?.value;
  return {
    ...call,
    ...{ claim, text, parameter },
    boolean: (name) => isTrue(text(name)),
    list(name) {
      const value = claim(name);
      return Array.isArray(value) ? value : [];
    },
    isOn: (id, standard = false) => isTrue(parameter(id) ?? String(standard)),
  };
}

/**
 * Values of output claims, by argument or by the ID of the claim. `undefined` removes a claim; a claim
 * that is not listed keeps its value.
 */
export type MethodOutputs = Readonly<Record<string, ClaimValue | undefined>>;

/** @throws ClaimsError for an assertion that fails, JourneyError for arguments that make no sense */
export type Method = (call: MethodCall) => MethodOutputs;

/** Methods that only compute the value of `outputClaim`. */
export const valueMethods = (
  values: Record<string, (call: MethodCall) => ClaimValue | undefined>,
): Record<string, Method> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, (call) => ({ outputClaim: value(call) })]),
  );

export const isTrue = (value: string | undefined): boolean =>
  value?.trim().toLowerCase() === 'true' || value?.trim() === '1';

/** The value as .NET writes it: `True` and `False`. */
export const netText = (value: ClaimValue): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : claimText(value);

/** `ordinal` or `ordinalIgnoreCase`. A claim without a value equals only another one without. */
export const isEqual = (
  left: string | undefined,
  right: string | undefined,
  ignoresCase: boolean,
): boolean => (ignoresCase ? left?.toUpperCase() === right?.toUpperCase() : left === right);

export function fail(detail: string): never {
  throw new JourneyError(detail);
}
