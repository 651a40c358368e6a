/** Claims transformations: each reads claims, computes, and writes claims back at once. */
import { convertClaim } from '../claim-text.ts';
import type { ClaimsTransformation, TransformationClaim } from '../claims.ts';
import { type ClaimsBag, type ClaimValue, readClaim, writeClaim } from '../claims-bag.ts';
import { JourneyError } from '../claims-error.ts';
import { COLLECTION_METHODS } from './collections.ts';
import { DATE_METHODS } from './dates.ts';
import { GENERAL_METHODS } from './general.ts';
import { JSON_METHODS } from './json.ts';
import {
  createCall,
  type Method,
  type MethodOutputs,
  type TransformationContext,
} from './method.ts';
import { PHONE_METHODS } from './phones.ts';
import { TEXT_METHODS } from './texts.ts';

/** By name in lower case: policies write methods in any case. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...COLLECTION_METHODS,
    ...DATE_METHODS,
    ...GENERAL_METHODS,
    ...JSON_METHODS,
    ...PHONE_METHODS,
    ...TEXT_METHODS,
  }).map(([name, method]) => [name.toLowerCase(), method]),
);

/** @throws ClaimsError if an assertion fails, JourneyError if the arguments make no sense */
export function runTransformation(
  transformation: ClaimsTransformation,
  bag: ClaimsBag,
  context: TransformationContext,
): void {
  const { file, line, column, id, method: name, inputClaims, outputClaims } = transformation;
  const claims = inputClaims.map((input) => ({
    name: nameOf(input),
    value: readClaim(bag, input.claimType),
  }));
  const parameters = transformation.inputParameters.map((parameter) => ({
    ...parameter,
    value: parameter.value.replace(
      /\{(RelyingPartyTenantId|AuthenticatorIssuer)\}/gi,
      () => context.tenantDomain,
    ),
  }));
  const trace = {
    ...{ file, line, column, id, method: name },
    inputs: Object.fromEntries(
      inputClaims.map((input, index) => [label(input), claims[index]?.value]),
    ),
    parameters: Object.fromEntries(parameters.map(({ id: key, value }) => [key, value])),
  };
  try {
    const method = METHODS.get(name.toLowerCase());
    if (!method) throw new JourneyError(`There is no transformation method ${name}`);
    const results = method(createCall({ claims, parameters, outputClaims, context }));
    context.record({ ...trace, outputs: writeResults(outputClaims, bag, results) });
  } catch (error) {
    context.record({ ...trace, outputs: {}, error: (error as Error).message });
    throw error;
  }
}

function writeResults(
  outputClaims: readonly TransformationClaim[],
  bag: ClaimsBag,
  results: MethodOutputs,
): Record<string, ClaimValue | undefined> {
  const values = new Map(
    Object.entries(results).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const written: Record<string, ClaimValue | undefined> = {};
  for (const output of outputClaims) {
    const name = nameOf(output).toLowerCase();
    if (!values.has(name)) continue;
    const value = convertClaim(output.claimType, values.get(name));
    writeClaim(bag, output.claimType, value);
    written[label(output)] = value;
  }
  return written;
}

const nameOf = ({ argument, claimType }: TransformationClaim): string => argument ?? claimType.id;

/** `inputClaim1 (email)`: the argument and its claim. */
const label = ({ argument, claimType }: TransformationClaim): string =>
  argument === undefined || argument === claimType.id
    ? claimType.id
    : `${argument} (${claimType.id})`;
