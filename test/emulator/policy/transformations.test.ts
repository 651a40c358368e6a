import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClaimType, DataType } from '../../../dist/emulator/policy/claims.js';
import type { ClaimValue } from '../../../dist/emulator/policy/claims-bag.js';
import { ClaimsError } from '../../../dist/emulator/policy/claims-error.js';
import type { TransformationTrace } from '../../../dist/emulator/policy/trace.js';
import type { TransformationContext } from '../../../dist/emulator/policy/transformations/method.js';
import {
  METHODS,
  runTransformation,
} from '../../../dist/emulator/policy/transformations/transformations.js';
import { METHOD_NAMES } from '../../../dist/emulator/policy-files/transformation-table.js';
import { isTotp, totpAt } from '../../../dist/emulator/tokens/totp.js';
import { NOW, ROWS, type Row, SECRET, type Values } from './transformation-rows.js';

const ORIGIN = { file: 'policy.xml', line: 1, column: 1 };
const KEPT = '(kept)';

const LOCALIZED: Record<string, string> = {
  three: "'{0}', '{1}', {2}",
  email_subject: 'Your code',
  email_code: 'Code:',
};

const context = (traces: TransformationTrace[]): TransformationContext => ({
  now: () => Date.parse(NOW),
  secret: () => SECRET,
  text: (_, id) => LOCALIZED[id],
  options: () => [{ text: 'B2C_V1_90001', value: 'You are a minor' }],
  tenantDomain: 'contoso.onmicrosoft.com',
  record: (trace) => void traces.push(trace),
});

function claimType(id: string, dataType: DataType, more: Partial<ClaimType> = {}): ClaimType {
  const absent = { displayName: undefined, userHelpText: undefined, adminHelpText: undefined };
  return {
    ...ORIGIN,
    ...absent,
    id,
    dataType: { ...ORIGIN, value: dataType },
    userInputType: undefined,
    mask: undefined,
    pattern: undefined,
    enumeration: [],
    predicateValidation: undefined,
    partnerClaimTypes: new Map(),
    ...more,
  };
}

function typeOf(value: ClaimValue | null): DataType {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'long';
  const [first] = Array.isArray(value) ? value : [];
  if (typeof first === 'string') return 'stringCollection';
  if (first) return 'userIdentityCollection';
  return value !== null && typeof value === 'object' ? 'userIdentity' : 'string';
}

const claims = (values: Values, prefix: string) =>
  Object.entries(values).map(([name, value]) => ({
    ...ORIGIN,
    argument: name.startsWith('@') ? undefined : name,
    claimType: claimType(name.startsWith('@') ? name.slice(1) : prefix + name, typeOf(value)),
    value,
  }));

function run({
  method,
  inputs,
  parameters,
  outputs,
}: Pick<Row, 'method' | 'inputs' | 'parameters' | 'outputs'>) {
  const inputClaims = claims(inputs, 'in-');
  const outputClaims = claims(outputs, 'out-');
  const bag = new Map<string, ClaimValue>();
  for (const {
    claimType: { id },
  } of outputClaims)
    bag.set(id.toLowerCase(), KEPT);
  for (const {
    claimType: { id },
    value,
  } of inputClaims) {
    if (value !== null) bag.set(id.toLowerCase(), value);
  }
  const inputParameters = Object.entries(parameters).map(([id, value]) => ({
    ...ORIGIN,
    id,
    dataType: typeOf(value),
    value: String(value),
  }));
  const traces: TransformationTrace[] = [];
  const transformation = {
    ...ORIGIN,
    id: 'Run',
    method,
    inputClaims,
    inputParameters,
    outputClaims,
  };
  let error: unknown;
  try {
    runTransformation(transformation, bag, context(traces));
  } catch (thrown) {
    error = thrown;
  }
  const written = outputClaims.map(({ argument, claimType: { id } }) => [
    argument ?? `@${id}`,
    bag.get(id.toLowerCase()) ?? null,
  ]);
  return { written: Object.fromEntries(written), error, traces };
}

const nameOf = (error: unknown): string | undefined =>
  error instanceof ClaimsError ? error.messageId : (error as Error | undefined)?.name;

describe('transformation methods', () => {
  for (const row of ROWS) {
    test(row.title, () => {
      const { written, error, traces } = run(row);
      assert.equal(nameOf(error), row.error, String(error));
      const kept = Object.fromEntries(Object.keys(row.outputs).map((name) => [name, KEPT]));
      assert.deepEqual(written, row.error === undefined ? row.outputs : kept);
      assert.equal(traces.length, 1);
      assert.equal(traces[0]?.error !== undefined, row.error !== undefined);
    });
  }
});

test('every method that policies check knows can run, and no other', () => {
  assert.deepEqual(
    [...METHODS.keys()].sort(),
    METHOD_NAMES.map((name) => name.toLowerCase()).sort(),
  );
});

test('every method has at least three rows or a separate test', () => {
  const counts = new Map<string, number>();
  for (const { method } of ROWS) {
    counts.set(method.toLowerCase(), (counts.get(method.toLowerCase()) ?? 0) + 1);
  }
  const few = METHOD_NAMES.filter((name) => (counts.get(name.toLowerCase()) ?? 0) < 3);
  assert.deepEqual(few.sort(), [
    'CopyClaimIfPredicateMatch',
    'CreateOtpSecret',
    'CreateRandomString',
    'GuidAndRandomGenerator',
  ]);
});

describe('random values', () => {
  const create = (method: string, parameters: Row['parameters']) =>
    String(
      run({ method, inputs: {}, parameters, outputs: { outputClaim: null } }).written[
        'outputClaim'
      ],
    );
  const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

  for (const method of ['CreateRandomString', 'GuidAndRandomGenerator']) {
    test(`${method} creates a GUID, another one each time`, () => {
      const values = [1, 2, 3].map(() => create(method, { randomGeneratorType: 'guid' }));
      for (const value of values) assert.match(value, UUID);
      assert.equal(new Set(values).size, 3);
    });

    test(`${method} creates an integer below the maximum, in a format`, () => {
      const parameters = {
        randomGeneratorType: 'INTEGER',
        maximumNumber: 10,
        stringFormat: 'OTP_{0:D3}',
      };
      for (let index = 0; index < 50; index += 1) {
        assert.match(create(method, parameters), /^OTP_00\d$/);
      }
    });

    test(`${method} encodes the formatted value in base64`, () => {
      const parameters = { randomGeneratorType: 'INTEGER', base64: true, stringFormat: 'ID_{0}' };
      assert.match(Buffer.from(create(method, parameters), 'base64').toString(), /^ID_\d{1,3}$/);
    });
  }

  test('CreateOtpSecret creates a secret that authenticator apps accept', () => {
    const secrets = [1, 2, 3].map(() => create('CreateOtpSecret', {}));
    for (const secret of secrets) {
      assert.match(secret, /^[A-Z2-7]{32}$/);
      assert.ok(isTotp(secret, totpAt(secret, 60_000), 60_000));
    }
    assert.equal(new Set(secrets).size, 3);
  });
});

describe('CopyClaimIfPredicateMatch', () => {
  const predicate = {
    ...ORIGIN,
    id: 'Phone',
    method: 'MatchesRegex' as const,
    helpText: undefined,
    parameters: new Map([['RegularExpression', String.raw`^\+\d{7,15}$`]]),
  };
  const group = {
    ...ORIGIN,
    id: 'g',
    userHelpText: undefined,
    matchAtLeast: 1,
    predicates: [predicate],
  };
  const output = claimType('phone', 'string', {
    predicateValidation: { ...ORIGIN, id: 'v', groups: [group] },
  });
  const rows: [string, string | undefined, string | undefined][] = [
    [
      'copies a value that the predicates of the output claim accept',
      '+11234567890',
      '+11234567890',
    ],
    ['leaves the output claim empty for another value', 'someone@contoso.com', undefined],
    ['leaves the output claim empty without a value', undefined, undefined],
  ];
  for (const [title, value, expected] of rows) {
    test(title, () => {
      const bag = new Map<string, ClaimValue>([['phone', 'old']]);
      if (value !== undefined) bag.set('typed', value);
      const transformation = {
        ...ORIGIN,
        id: 'Copy',
        method: 'CopyClaimIfPredicateMatch',
        inputClaims: [
          { ...ORIGIN, argument: 'inputClaim', claimType: claimType('typed', 'string') },
        ],
        inputParameters: [],
        outputClaims: [{ ...ORIGIN, argument: 'outputClaim', claimType: output }],
      };
      runTransformation(transformation, bag, context([]));
      assert.equal(bag.get('phone'), expected);
    });
  }
});

test('an expression that takes very long does not get long texts', () => {
  const started = process.hrtime.bigint();
  const { written } = run({
    method: 'SetClaimsIfRegexMatch',
    inputs: { claimToMatch: 'a'.repeat(20_000) },
    parameters: { matchTo: '^.*(.*)b$', outputClaimIfMatched: 'x' },
    outputs: { regexCompareResultClaim: true },
  });
  assert.deepEqual(written, { regexCompareResultClaim: false });
  assert.ok(process.hrtime.bigint() - started < 500_000_000n);
});

test('the trace names arguments with their claims, resolved parameters and what was written', () => {
  const { traces } = run({
    method: 'FormatStringClaim',
    inputs: { inputClaim: 'a' },
    parameters: { stringFormat: '{0}@{RelyingPartyTenantId}' },
    outputs: { outputClaim: null },
  });
  assert.deepEqual(traces, [
    {
      ...ORIGIN,
      id: 'Run',
      method: 'FormatStringClaim',
      inputs: { 'inputClaim (in-inputClaim)': 'a' },
      parameters: { stringFormat: '{0}@contoso.onmicrosoft.com' },
      outputs: { 'outputClaim (out-outputClaim)': 'a@contoso.onmicrosoft.com' },
    },
  ]);
});

test('a result takes the type of its claim', () => {
  const bag = new Map<string, ClaimValue>([['source', '17']]);
  const copy = (dataType: DataType) => {
    const inputClaims = [
      { ...ORIGIN, argument: 'inputClaim', claimType: claimType('source', 'string') },
    ];
    const outputClaims = [
      { ...ORIGIN, argument: 'outputClaim', claimType: claimType('target', dataType) },
    ];
    const transformation = {
      ...ORIGIN,
      id: 'Copy',
      method: 'CopyClaim',
      inputClaims,
      inputParameters: [],
      outputClaims,
    };
    runTransformation(transformation, bag, context([]));
    return bag.get('target');
  };
  assert.equal(copy('string'), '17');
  assert.equal(copy('int'), 17);
  assert.deepEqual(copy('stringCollection'), ['17']);
});
