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

export interface MethodCall {
  /** In the order of the policy; the name is that of the argument, or the ID of the claim without one. */
  readonly claims: readonly { readonly name: string; readonly value: ClaimValue | undefined }[];
  readonly parameters: readonly TransformationParameter[];
  readonly outputClaims: readonly TransformationClaim[];
  readonly context: TransformationContext;
}

/**
 * Values of output claims, by argument or by the ID of the claim. `undefined` removes a claim; a claim
 * that is not listed keeps its value.
 */
export type MethodOutputs = Readonly<Record<string, ClaimValue | undefined>>;

/** @throws ClaimsError for an assertion that fails, JourneyError for arguments that make no sense */
export type Method = (call: MethodCall) => MethodOutputs;

const isSame = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

export const claim = ({ claims }: MethodCall, name: string): ClaimValue | undefined =>
  claims.find((one) => isSame(one.name, name))?.value;

export function text(call: MethodCall, name: string): string | undefined {
  const value = claim(call, name);
  return value === undefined ? undefined : netText(value);
}

/** A claim without a value counts as false. */
export const boolean = (call: MethodCall, name: string): boolean => isTrue(text(call, name));

export function list<Item>(call: MethodCall, name: string): readonly Item[] {
  const value = claim(call, name);
  return Array.isArray(value) ? value : [];
}

export const parameter = ({ parameters }: MethodCall, id: string): string | undefined =>
  parameters.find((one) => isSame(one.id, id))?.value;

export const isOn = (call: MethodCall, id: string, standard = false): boolean =>
  isTrue(parameter(call, id) ?? String(standard));

export const isTrue = (value: string | undefined): boolean =>
  value?.trim().toLowerCase() === 'true' || value?.trim() === '1';

/** The value as .NET writes it: `True` and `False`. */
export const netText = (value: ClaimValue): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : claimText(value);

/** `ordinal` or `ordinalIgnoreCase`. A claim without a value equals only another one without. */
export function isEqual(
  left: string | undefined,
  right: string | undefined,
  ignoresCase: boolean,
): boolean {
  return ignoresCase ? left?.toUpperCase() === right?.toUpperCase() : left === right;
}

export function fail(detail: string): never {
  throw new JourneyError(detail);
}
