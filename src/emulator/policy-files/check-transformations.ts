import type { ClaimsTransformation } from '../policy/claims.ts';
import type { Origin } from '../policy/origin.ts';
import { isAmong } from './is-among.ts';
import type { Reporter } from './rules.ts';
import { type Arguments, METHOD_NAMES, signatureOf } from './transformation-table.ts';

/** An argument as the transformation gives it. */
interface Given extends Origin {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly value?: string;
}

/** The part of a signature, as rules and messages call it. */
type Part = 'input' | 'parameter' | 'output';

const PART_NAMES = {
  input: 'input claim',
  parameter: 'input parameter',
  output: 'output claim',
} as const;

/** Compares a transformation with the signature of its method. */
export function checkTransformation(
  transformation: ClaimsTransformation,
  { report, suggest }: Reporter,
): void {
  const { id, method, inputClaims, inputParameters, outputClaims } = transformation;
  const signature = signatureOf(method);
  if (!signature) {
    const suggestion = suggest(method, METHOD_NAMES);
    report('unknown-transformation-method', transformation, { method, suggestion });
    return;
  }
  const claims = (list: ClaimsTransformation['inputClaims']): Given[] =>
    list.map(({ claimType, argument, ...at }) => ({
      ...{ ...at, name: argument, type: claimType.dataType?.value },
    }));
  const parameters = inputParameters.map(({ id: name, dataType, ...rest }) => ({
    ...{ ...rest, name, type: dataType },
  }));
  check('input', signature.inputClaims, claims(inputClaims));
  check('parameter', signature.inputParameters, parameters);
  check('output', signature.outputClaims, claims(outputClaims));

  function check(
    part: Part,
    { named, hasFurther, hasUnnamed }: Arguments,
    given: readonly Given[],
  ): void {
    for (const argument of given) {
      const { name = '' } = argument;
      const expected = named.find((one) => isAmong([one.name], name));
      if (expected) checkArgument(part, expected, argument);
      else if (argument.name === undefined ? !hasUnnamed : !hasFurther) {
        const suggestion = suggest(
          name,
          named.map((one) => one.name.toLowerCase()),
        );
        report(`transformation-${part}-unknown`, argument, { method, name, suggestion });
      }
    }
    const names = given.flatMap(({ name }) => name ?? []);
    for (const { name, isOptional } of named) {
      if (isOptional || isAmong(names, name)) continue;
      report(`transformation-${part}-missing`, transformation, { id, name, method });
    }
  }

  function checkArgument(
    part: Part,
    { name, types, values }: Arguments['named'][number],
    given: Given,
  ): void {
    const { type, value } = given;
    if (type !== undefined && !types.includes('any') && !types.includes(type)) {
      const wanted = { kind: PART_NAMES[part], name, method, types: types.join(' or ') };
      report('transformation-data-type', given, { ...wanted, type });
    }
    if (value !== undefined && values.length > 0 && !isAmong(values, value)) {
      const allowed = values.join(', ');
      report('transformation-parameter-value', given, { name, method, value, allowed });
    }
  }
}
