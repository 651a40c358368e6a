import { createHash, randomInt, randomUUID } from 'node:crypto';
import { createTotpSecret } from '../../tokens/totp.ts';
import { formatText } from './format-text.ts';
import { claim, isEqual, isOn, type Method, type MethodCall, parameter, text } from './method.ts';

function createRandomString(call: MethodCall) {
  const isNumber = isEqual(parameter(call, 'randomGeneratorType'), 'INTEGER', true);
  const maximum = Number(parameter(call, 'maximumNumber') ?? 1000);
  const value = isNumber ? randomInt(Math.max(1, maximum)) : randomUUID();
  const formatted = formatText(parameter(call, 'stringFormat') ?? '{0}', [value]);
  const isBase64 = isOn(call, 'base64');
  return { outputClaim: isBase64 ? Buffer.from(formatted).toString('base64') : formatted };
}

/** Keeps the escapes that the text has. */
const encodePath = (path: string): string =>
  encodeURI(path)
    .replace(/%25([\da-f]{2})/gi, '%$1')
    .replace(/[?#]/g, encodeURIComponent);

export const GENERAL_METHODS = {
  /** `scheme://host/path?…`, where `query.x` is the query parameter `x`. */
  BuildUri(call) {
    const values = [
      ...call.parameters.map(({ id, value }) => ({ name: id, value })),
      ...call.claims.map(({ name }) => ({ name, value: text(call, name) ?? '' })),
    ];
    const find = (name: string) => values.find((one) => isEqual(one.name, name, true))?.value ?? '';
    const query = values
      .filter(({ name }) => /^query\./i.test(name))
      .map(({ name, value }) => `${name.slice('query.'.length)}=${encodeURIComponent(value)}`);
    const path = encodePath(find('path').replace(/^\//, ''));
    const base = `${find('scheme') || 'https'}://${find('host')}/${path}`;
    return { outputClaim: query.length > 0 ? `${base}?${query.join('&')}` : base };
  },
  CopyClaim: (call) => ({ outputClaim: claim(call, 'inputClaim') }),
  CreateOtpSecret: () => ({ outputClaim: createTotpSecret() }),
  CreateRandomString: createRandomString,
  DoesClaimExist: (call) => ({ outputClaim: claim(call, 'inputClaim') !== undefined }),
  GuidAndRandomGenerator: createRandomString,
  Hash(call) {
    const [plain, salt] = [text(call, 'plaintext'), text(call, 'salt')];
    if (plain === undefined) return { hash: undefined };
    const secret = call.context.secret(parameter(call, 'randomizerSecret') ?? '');
    // The order is not documented.
    const hash = createHash('sha256').update(`${plain}${salt ?? ''}${secret}`);
    return { hash: hash.digest('base64') };
  },
  NullClaim: () => ({ claim_to_null: undefined }),
} satisfies Record<string, Method>;
