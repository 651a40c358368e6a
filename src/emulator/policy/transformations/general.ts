/** Methods for booleans, numbers and values of any type. */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { createTotpSecret } from '../../tokens/totp.ts';
import { ClaimsError } from '../claims-error.ts';
import { formatText } from './format-text.ts';
import { fail, isEqual, type Method, type MethodCall, valueMethods } from './method.ts';

const equalsValue = ({ claim, boolean, isOn }: MethodCall): boolean =>
  claim('inputClaim') !== undefined && boolean('inputClaim') === isOn('valueToCompareTo');

const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  lessthan: (left, right) => left < right,
  greaterthan: (left, right) => left > right,
  greaterthanorequal: (left, right) => left >= right,
  lessthanorequal: (left, right) => left <= right,
  equal: (left, right) => left === right,
  notequal: (left, right) => left !== right,
};

function createRandomString({ parameter, isOn }: MethodCall): string {
  const isNumber = isEqual(parameter('randomGeneratorType'), 'INTEGER', true);
  const maximum = Number(parameter('maximumNumber') ?? 1000);
  const value = isNumber ? randomInt(Math.max(1, maximum)) : randomUUID();
  const formatted = formatText(parameter('stringFormat') ?? '{0}', [value]);
  return isOn('base64') ? Buffer.from(formatted).toString('base64') : formatted;
}

/** Keeps the escapes that the text has. */
const encodePath = (path: string): string =>
  encodeURI(path)
    .replace(/%25([\da-f]{2})/gi, '%$1')
    .replace(/[?#]/g, encodeURIComponent);

/** `scheme://host/path?…`, where `query.x` is the query parameter `x`. */
function buildUri({ claims, parameters, text }: MethodCall): string {
  const values = [
    ...parameters.map(({ id, value }) => ({ name: id, value })),
    ...claims.map(({ name }) => ({ name, value: text(name) ?? '' })),
  ];
  const find = (name: string) => values.find((one) => isEqual(one.name, name, true))?.value ?? '';
  const query = values
    .filter(({ name }) => /^query\./i.test(name))
    .map(({ name, value }) => `${name.slice('query.'.length)}=${encodeURIComponent(value)}`);
  const path = encodePath(find('path').replace(/^\//, ''));
  const base = `${find('scheme') || 'https'}://${find('host')}/${path}`;
  return query.length > 0 ? `${base}?${query.join('&')}` : base;
}

export const GENERAL_METHODS: Record<string, Method> = {
  ...valueMethods({
    AdjustNumber: ({ claim, parameter }) =>
      Number(claim('inputClaim') ?? 0) +
      (isEqual(parameter('Operator'), 'DECREMENT', true) ? -1 : 1),
    AndClaims: ({ boolean }) => boolean('inputClaim1') && boolean('inputClaim2'),
    BuildUri: buildUri,
    ConvertNumberToStringClaim: ({ text }) => text('inputClaim'),
    CopyClaim: ({ claim }) => claim('inputClaim'),
    CreateOtpSecret: createTotpSecret,
    CreateRandomString: createRandomString,
    DoesClaimExist: ({ claim }) => claim('inputClaim') !== undefined,
    GuidAndRandomGenerator: createRandomString,
    NotClaims: ({ boolean }) => !boolean('inputClaim'),
    OrClaims: ({ boolean }) => boolean('inputClaim1') || boolean('inputClaim2'),
  }),
  AssertBooleanClaimIsEqualToValue(call) {
    if (equalsValue(call)) return {};
    throw new ClaimsError(
      'UserMessageIfClaimsTransformationBooleanValueIsNotEqual',
      `The claim is not ${call.isOn('valueToCompareTo')}`,
    );
  },
  AssertNumber({ claim, parameter, isOn }) {
    const value = claim('inputClaim') ?? fail('AssertNumber needs a number');
    const operator = parameter('Operator') ?? '';
    const compare = COMPARISONS[operator.toLowerCase()] ?? fail(`There is no ${operator}`);
    const isMatch = compare(Number(value), Number(parameter('CompareToValue')));
    if (!isOn('throwError', true)) return { outputClaim: isMatch };
    if (!isMatch) return {};
    const detail = `${value} is ${operator} ${parameter('CompareToValue')}`;
    throw new ClaimsError('AssertNumberError', detail);
  },
  CompareBooleanClaimToValue: (call) => ({ compareResult: equalsValue(call) }),
  Hash({ text, parameter, context }) {
    const [plain, salt] = [text('plaintext'), text('salt')];
    if (plain === undefined) return { hash: undefined };
    const secret = context.secret(parameter('randomizerSecret') ?? '');
    // The order is not documented.
    const hash = createHash('sha256').update(`${plain}${salt ?? ''}${secret}`);
    return { hash: hash.digest('base64') };
  },
  NullClaim: () => ({ claim_to_null: undefined }),
  SetClaimIfBooleansMatch: ({ boolean, parameter, isOn }) =>
    boolean('claimToMatch') === isOn('matchTo')
      ? { outputClaim: parameter('outputClaimIfMatched') }
      : {},
};
