import type { AlternativeSecurityId, UserIdentity } from '../claims-bag.ts';
import { claim, fail, isEqual, list, type Method, type MethodCall, text } from './method.ts';

type Identity = AlternativeSecurityId | UserIdentity;

/** `CreateAlternativeSecurityId` makes a JSON text; the directory gives an object. */
function readItem(call: MethodCall): Identity | undefined {
  const item = claim(call, 'item');
  if (typeof item !== 'string') return item as Identity | undefined;
  try {
    return JSON.parse(item);
  } catch {
    return fail(`"${item}" is not an identity`);
  }
}

const unlessEmpty = <Item>(items: readonly Item[]) => (items.length > 0 ? items : undefined);

const issuerOf = (identity: Identity): string =>
  'issuer' in identity ? identity.issuer : identity.identityProvider;

const issuers = (call: MethodCall, name: string) =>
  unlessEmpty(list<Identity>(call, name).map(issuerOf));

function addItem(call: MethodCall) {
  const known = list<Identity>(call, 'collection');
  const item = readItem(call);
  return {
    collection: unlessEmpty(item ? [...known, item] : known) as readonly UserIdentity[] | undefined,
  };
}

const removeByIssuer = (argument: string) => (call: MethodCall) => {
  const removed = text(call, argument);
  const rest = list<Identity>(call, 'collection').filter(
    (identity) => !isEqual(issuerOf(identity), removed, true),
  );
  return { collection: unlessEmpty(rest) as readonly UserIdentity[] | undefined };
};

export const IDENTITY_METHODS = {
  AddItemToAlternativeSecurityIdCollection: addItem,
  AddItemToUserIdentityCollection: addItem,
  CreateAlternativeSecurityId(call) {
    const [userId, identityProvider] = [text(call, 'key'), text(call, 'identityProvider')];
    if (userId === undefined || identityProvider === undefined)
      return { alternativeSecurityId: undefined };
    const key = Buffer.from(userId).toString('base64');
    // 6: an account of an identity provider.
    return { alternativeSecurityId: JSON.stringify({ type: 6, identityProvider, key }) };
  },
  CreateUserIdentity(call) {
    const [issuer, issuerUserId] = [text(call, 'issuer'), text(call, 'issuerUserId')];
    const isKnown = issuer !== undefined && issuerUserId !== undefined;
    return { userIdentity: isKnown ? { issuer, issuerUserId } : undefined };
  },
  GetIdentityProvidersFromAlternativeSecurityIdCollectionTransformation: (call) => ({
    identityProvidersCollection: issuers(call, 'alternativeSecurityIdCollection'),
  }),
  GetIssuersFromUserIdentityCollectionTransformation: (call) => ({
    issuersCollection: issuers(call, 'userIdentityCollection'),
  }),
  RemoveAlternativeSecurityIdByIdentityProvider: removeByIssuer('identityProvider'),
  RemoveUserIdentityFromCollectionByIssuer: removeByIssuer('issuer'),
} satisfies Record<string, Method>;
