import { convertClaim, parseClaimText } from '../claim-text.ts';
import type { ClaimType, DataType } from '../claims.ts';
import type { ClaimValue } from '../claims-bag.ts';
import { fail, type Method, type MethodCall, type MethodOutputs, valueMethods } from './method.ts';
import { xmlToJson } from './xml-to-json.ts';

/** The JSON value of a claim; `undefined` for a claim without a value. */
function json({ text }: MethodCall, name: string): unknown {
  const source = text(name);
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
function readPairs(
  { parameter, isOn, outputClaims }: MethodCall,
  pairs: readonly unknown[],
): MethodOutputs {
  const keyName = parameter('jsonSourceKeyName') ?? 'key';
  const valueName = parameter('jsonSourceValueName') ?? 'value';
  const outputs: Record<string, ClaimValue | undefined> = {};
  for (const { claimType } of outputClaims) {
    const pair = pairs.find(
      (one) => String(member(one, keyName)).toLowerCase() === claimType.id.toLowerCase(),
    );
    const value = convertClaim(claimType, member(pair, valueName));
    if (pair === undefined && isOn('errorOnMissingClaims')) {
      fail(`The JSON text has no ${claimType.id}`);
    }
    if (value !== undefined || isOn('includeEmptyClaims')) outputs[claimType.id] = value;
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

function generateJson({ claims, parameters }: MethodCall): string {
  const values = [
    ...claims.map(({ name, value }) => ({ name, value: value as unknown })),
    ...parameters.map(({ id, value, dataType }) => ({ name: id, value: typed(value, dataType) })),
  ].filter(({ value }) => value !== undefined);
  const isList = values.length > 0 && values.every(({ name }) => /^\d+(\.|$)/.test(name));
  const root: Container = isList ? [] : Object.create(null);
  for (const { name, value } of values) setPath(root, name.split('.'), value);
  return JSON.stringify(root);
}

/** The member of `inputJson` that `claimToExtract` names. */
const extracted = (call: MethodCall): unknown =>
  member(json(call, 'inputJson'), call.parameter('claimToExtract') ?? '');

function jsonList(call: MethodCall, name: string): readonly unknown[] {
  const items = json(call, name) ?? [];
  return Array.isArray(items) ? items : fail('The claim is not a JSON array');
}

export const JSON_METHODS: Record<string, Method> = {
  ...valueMethods({
    CreateJsonArray({ text }) {
      const item = text('inputClaim');
      return JSON.stringify(item === undefined ? [] : [item]);
    },
    GenerateJson: generateJson,
  }),
  GetClaimFromJson: (call) => ({ extractedClaim: jsonText(extracted(call)) }),
  GetClaimsFromJsonArray: (call) => readPairs(call, jsonList(call, 'jsonSource')),
  GetClaimsFromJsonArrayV2: (call) => readPairs(call, call.list<string>('jsonSource').map(parse)),
  GetNumericClaimFromJson(call) {
    const value = extracted(call) ?? undefined;
    if (value === undefined) return { extractedClaim: undefined };
    const number = typeof value === 'object' ? Number.NaN : Number(value);
    const detail = `${call.parameter('claimToExtract') ?? ''} is not a number`;
    return { extractedClaim: Number.isNaN(number) ? fail(detail) : number };
  },
  GetSingleItemFromJson(call) {
    const [first] = members(json(call, 'inputJson'));
    return { key: first?.[0], value: jsonText(first?.[1]) };
  },
  GetSingleValueFromJsonArray: (call) => ({
    extractedClaim: jsonText(jsonList(call, 'inputJsonClaim')[0]),
  }),
  XmlStringToJsonString({ text }) {
    const xml = text('xml');
    return { json: xml === undefined ? undefined : xmlToJson(xml) };
  },
};
