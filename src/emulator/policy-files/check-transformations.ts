import type { ClaimsTransformation, ClaimType } from '../policy/claims.ts';
import type { Report, RuleId, Suggest } from './rules.ts';
import {
  type Argument,
  type Arguments,
  METHOD_NAMES,
  signatureOf,
} from './transformation-table.ts';

interface Given {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly value?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

type Part = 'input' | 'parameter' | 'output';

/** The rules for each part of a signature. */
const RULES: Record<Part, { missing: RuleId; unknown: RuleId; name: string }> = {
  input: {
    missing: 'transformation-input-missing',
    unknown: 'transformation-input-unknown',
    name: 'input claim',
  },
  parameter: {
    missing: 'transformation-parameter-missing',
    unknown: 'transformation-parameter-unknown',
    name: 'input parameter',
  },
  output: {
    missing: 'transformation-output-missing',
    unknown: 'transformation-output-unknown',
    name: 'output claim',
  },
};

/** Compares a transformation with the signature of its method. */
export function checkTransformation(
  transformation: ClaimsTransformation,
  { report, suggest }: { report: Report; suggest: Suggest },
): void {
  const { id, method, inputClaims, inputParameters, outputClaims } = transformation;
  const signature = signatureOf(method);
  if (!signature) {
    const end = suggest(method, METHOD_NAMES);
    report('unknown-transformation-method', transformation, `There is no method "${method}"${end}`);
    return;
  }
  const claims = (list: ClaimsTransformation['inputClaims']) =>
    list.map(({ claimType, argument, ...at }) => ({
      ...at,
      name: argument,
      type: typeOf(claimType),
    }));
  check('input', signature.inputClaims, claims(inputClaims));
  const parameters = inputParameters.map(({ id: name, dataType, ...rest }) => ({
    ...rest,
    name,
    type: dataType,
  }));
  check('parameter', signature.inputParameters, parameters);
  check('output', signature.outputClaims, claims(outputClaims));

  function check(part: Part, expected: Arguments, given: readonly Given[]): void {
    const rules = RULES[part];
    const known = new Map(
      expected.named.map((argument) => [argument.name.toLowerCase(), argument]),
    );
    const seen = new Set<string>();
    for (const argument of given) {
      const key = argument.name?.toLowerCase();
      const match = known.get(key ?? '');
      if (key !== undefined) seen.add(key);
      if (match) checkArgument(match, argument, rules.name);
      else if (key === undefined ? !expected.hasUnnamed : !expected.hasFurther) {
        const end = suggest(argument.name ?? '', [...known.keys()]);
        const what = `${method} has no ${rules.name} "${argument.name ?? ''}"${end}`;
        report(rules.unknown, argument, what);
      }
    }
    for (const [key, { name, isOptional }] of known) {
      if (isOptional || seen.has(key)) continue;
      report(
        rules.missing,
        transformation,
        `${id} has no ${rules.name} "${name}", which ${method} needs`,
      );
    }
  }

  function checkArgument(expected: Argument, given: Given, name: string): void {
    const { types, values } = expected;
    if (given.type !== undefined && !types.includes('any') && !types.includes(given.type)) {
      const wanted = types.join(' or ');
      const what = `The ${name} "${expected.name}" of ${method} has to be ${wanted}, not ${given.type}`;
      report('transformation-data-type', given, what);
    }
    const value = given.value?.toLowerCase();
    if (value !== undefined && values.length > 0 && !isAmong(values, value)) {
      const what = `${expected.name} of ${method} cannot be "${given.value}": ${values.join(', ')}`;
      report('transformation-parameter-value', given, what);
    }
  }
}

const typeOf = ({ dataType }: ClaimType) => dataType?.value;

export const isAmong = (values: readonly string[], value: string): boolean =>
  values.some((allowed) => allowed.toLowerCase() === value.toLowerCase());
