import { convertClaim, parseClaimText } from '../claim-text.ts';
import type { ClaimType, DataType } from '../claims.ts';
import type { ClaimValue } from '../claims-bag.ts';
import {
  fail,
  isOn,
  list,
  type Method,
  type MethodCall,
  type MethodOutputs,
  parameter,
  text,
} from './method.ts';
import { xmlToJson } from './xml-to-json.ts';

/** The JSON value of a claim; `undefined` for a claim without a value. */
function json(call: MethodCall, name: string): unknown {
  const source = text(call, name);
  return source === undefined ? undefined : parse(source);
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return fail(`The claim is not JSON: ${source.slice(0, 80)}`);
  }
}

const members = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

const member = (value: unknown, name: string): unknown =>
  members(value).find(([key]) => key === name)?.[1];

const jsonText = (value: unknown): string | undefined =>
  convertClaim({ dataType: undefined } as ClaimType, value) as string | undefined;

/** Reads `{key, value}` pairs. The output claims have the names of the keys. */
function readPairs(call: MethodCall, pairs: readonly unknown[]): MethodOutputs {
  const keyName = parameter(call, 'jsonSourceKeyName') ?? 'key';
  const valueName = parameter(call, 'jsonSourceValueName') ?? 'value';
  const outputs: Record<string, ClaimValue | undefined> = {};
  for (const { claimType } of call.outputClaims) {
    const pair = pairs.find(
      (one) => String(member(one, keyName)).toLowerCase() === claimType.id.toLowerCase(),
    );
    const value = convertClaim(claimType, member(pair, valueName));
    if (pair === undefined && isOn(call, 'errorOnMissingClaims')) {
      fail(`The JSON text has no ${claimType.id}`);
    }
    if (value !== undefined || isOn(call, 'includeEmptyClaims')) outputs[claimType.id] = value;
  }
  return outputs;
}

type Container = Record<string, unknown> | unknown[];

const MAX_INDEX = 999;

/** Sets `a.0.b` in a tree; a number in the path is an index of an array. */
function setPath(root: Container, path: readonly string[], value: unknown): void {
  let node = root as Record<string, unknown>;
  for (const [index, key] of path.entries()) {
    const next = path[index + 1];
    if (Array.isArray(node) && !(Number(key) <= MAX_INDEX)) fail(`${path.join('.')} is no index`);
    if (next === undefined) node[key] = value;
    // Without a prototype, so that every name is an ordinary one.
    else node[key] ??= /^\d+$/.test(next) ? [] : Object.create(null);
    node = node[key] as Record<string, unknown>;
  }
}

const typed = (value: string, type: DataType): unknown =>
  parseClaimText({ dataType: { value: type } } as ClaimType, value) ?? value;

export const JSON_METHODS = {
  CreateJsonArray(call) {
    const item = text(call, 'inputClaim');
    return { outputClaim: JSON.stringify(item === undefined ? [] : [item]) };
  },
  GenerateJson({ claims, parameters }) {
    const values = [
      ...claims.map(({ name, value }) => ({ name, value: value as unknown })),
      ...parameters.map(({ id, value, dataType }) => ({ name: id, value: typed(value, dataType) })),
    ].filter(({ value }) => value !== undefined);
    const isList = values.length > 0 && values.every(({ name }) => /^\d+(\.|$)/.test(name));
    const root: Container = isList ? [] : Object.create(null);
    for (const { name, value } of values) setPath(root, name.split('.'), value);
    return { outputClaim: JSON.stringify(root) };
  },
  GetClaimFromJson: (call) => ({
    extractedClaim: jsonText(
      member(json(call, 'inputJson'), parameter(call, 'claimToExtract') ?? ''),
    ),
  }),
  GetClaimsFromJsonArray(call) {
    const pairs = json(call, 'jsonSource') ?? [];
    return readPairs(call, Array.isArray(pairs) ? pairs : fail('The claim is not a JSON array'));
  },
  GetClaimsFromJsonArrayV2: (call) => readPairs(call, list<string>(call, 'jsonSource').map(parse)),
  GetNumericClaimFromJson(call) {
    const name = parameter(call, 'claimToExtract') ?? '';
    const value = member(json(call, 'inputJson'), name);
    if (value === undefined || value === null) return { extractedClaim: undefined };
    const number = typeof value === 'object' ? Number.NaN : Number(value);
    return { extractedClaim: Number.isNaN(number) ? fail(`${name} is not a number`) : number };
  },
  GetSingleItemFromJson(call) {
    const [first] = members(json(call, 'inputJson'));
    return { key: first?.[0], value: jsonText(first?.[1]) };
  },
  GetSingleValueFromJsonArray(call) {
    const items = json(call, 'inputJsonClaim') ?? [];
    return { extractedClaim: jsonText(Array.isArray(items) ? items[0] : fail('Not a JSON array')) };
  },
  XmlStringToJsonString(call) {
    const xml = text(call, 'xml');
    return { json: xml === undefined ? undefined : xmlToJson(xml) };
  },
} satisfies Record<string, Method>;
