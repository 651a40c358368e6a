import type { ClaimType } from '../../config/claim-types.ts';
import type { Config } from '../../config/config.ts';
import { type Check, createReporter } from '../check.ts';

type Value = string | number | boolean;

/** Checks that the values in rules can be values of their claims, which have the types of `claimTypes`. */
export function* claimTypeChecks({
  gate,
  tenants,
}: Pick<Config, 'gate' | 'tenants'>): Generator<Check> {
  const id = 'claims.types';
  const types = tenants.flatMap(({ claimTypes }) => Object.entries(claimTypes));
  const rules = gate?.rules ?? [];
  let isConsistent = true;
  for (const [index, { claims = {} }] of rules.entries()) {
    const { warn } = createReporter(`gate.rules.${index}`);
    for (const [claim, values] of Object.entries(claims)) {
      const own = types.flatMap(([name, type]) => (name === claim ? [type] : []));
      const problem = findProblem({ claim, values, types: own });
      if (!problem) continue;
      isConsistent = false;
      yield warn(id, problem.detail, { fix: problem.fix });
    }
  }
  if (isConsistent && types.length > 0) {
    const names = [...new Set(types.map(([claim]) => claim))].join(', ');
    yield createReporter().ok(id, `claims with types: ${names}`);
  }
}

function findProblem({
  claim,
  values,
  types,
}: {
  claim: string;
  values: readonly Value[];
  types: readonly ClaimType[];
}): { detail: string; fix: string } | undefined {
  if (types.length === 0) {
    // The attributes of user flows are text.
    const isTyped = claim.startsWith('extension_') && values.some(isBoolean);
    return isTyped
      ? {
          detail: `${claim} is compared with true or false, but user flows send attributes as text`,
          fix: `Set claimTypes: { "${claim}": "boolean" }.`,
        }
      : undefined;
  }
  const impossible = values.filter((value) => types.every((type) => !canBe(value, type)));
  if (impossible.length === 0) return undefined;
  const shown = impossible.map((value) => JSON.stringify(value)).join(', ');
  return {
    detail: `${claim} never has the value ${shown}, because of its type in claimTypes`,
    fix: 'Booleans are true and false without quotation marks; a rule lists the items of a list one by one.',
  };
}

function canBe(value: Value, type: ClaimType): boolean {
  if (type === 'json') return true;
  if (type === 'boolean') return isBoolean(value);
  // A token may also contain a real list, with items of every type but without the separator.
  return typeof value !== 'string' || !value.includes(type.list);
}

const isBoolean = (value: Value) => typeof value === 'boolean';
