/** Methods for collections of texts and of identities. */
import type { AlternativeSecurityId, ClaimValue, UserIdentity } from '../claims-bag.ts';
import { fail, isEqual, type Method, type MethodCall, valueMethods } from './method.ts';

const unlessEmpty = <Item>(items: readonly Item[]) => (items.length > 0 ? items : undefined);

function addText({ list }: MethodCall, item: string | undefined) {
  const known = list<string>('collection');
  const isNew = item !== undefined && !known.includes(item);
  return { collection: unlessEmpty(isNew ? [...known, item] : known) };
}

const hasText = ({ list, isOn }: MethodCall, name: string, item: string | undefined): boolean =>
  item !== undefined && list<string>(name).some((one) => isEqual(one, item, isOn('ignoreCase')));

type Identity = AlternativeSecurityId | UserIdentity;

/** `CreateAlternativeSecurityId` makes a JSON text; the directory gives an object. */
function readIdentity(item: ClaimValue | undefined): Identity | undefined {
  if (typeof item !== 'string') return item as Identity | undefined;
  try {
    return JSON.parse(item);
  } catch {
    return fail(`"${item}" is not an identity`);
  }
}

const issuerOf = (identity: Identity): string =>
  'issuer' in identity ? identity.issuer : identity.identityProvider;

const issuers = ({ list }: MethodCall, name: string) =>
  unlessEmpty(list<Identity>(name).map(issuerOf));

const identities = (items: readonly Identity[]) => ({
  collection: unlessEmpty(items) as readonly UserIdentity[] | undefined,
});

function addIdentity({ list, claim }: MethodCall) {
  const known = list<Identity>('collection');
  const item = readIdentity(claim('item'));
  return identities(item ? [...known, item] : known);
}

const removeByIssuer =
  (argument: string): Method =>
  ({ list, text }) =>
    identities(
      list<Identity>('collection').filter(
        (identity) => !isEqual(issuerOf(identity), text(argument), true),
      ),
    );

export const COLLECTION_METHODS: Record<string, Method> = {
  ...valueMethods({
    StringCollectionContains: (call) => hasText(call, 'inputClaim', call.parameter('item')),
    StringCollectionContainsClaim: (call) => hasText(call, 'collection', call.text('item')),
    StringJoin: ({ list, parameter }) =>
      unlessEmpty(list<string>('inputClaim'))?.join(parameter('delimiter') ?? ''),
    StringSplit({ text, parameter }) {
      const value = text('inputClaim');
      const delimiter = parameter('delimiter') ?? '';
      return delimiter === '' && value !== undefined ? [value] : value?.split(delimiter);
    },
  }),
  AddItemToAlternativeSecurityIdCollection: addIdentity,
  AddItemToStringCollection: (call) => addText(call, call.text('item')),
  AddItemToUserIdentityCollection: addIdentity,
  AddParameterToStringCollection: (call) => addText(call, call.parameter('item')),
  CreateAlternativeSecurityId({ text }) {
    const [userId, identityProvider] = [text('key'), text('identityProvider')];
    if (userId === undefined || identityProvider === undefined)
      return { alternativeSecurityId: undefined };
    const key = Buffer.from(userId).toString('base64');
    // 6: an account of an identity provider.
    return { alternativeSecurityId: JSON.stringify({ type: 6, identityProvider, key }) };
  },
  CreateUserIdentity({ text }) {
    const [issuer, issuerUserId] = [text('issuer'), text('issuerUserId')];
    const isKnown = issuer !== undefined && issuerUserId !== undefined;
    return { userIdentity: isKnown ? { issuer, issuerUserId } : undefined };
  },
  GetIdentityProvidersFromAlternativeSecurityIdCollectionTransformation: (call) => ({
    identityProvidersCollection: issuers(call, 'alternativeSecurityIdCollection'),
  }),
  GetIssuersFromUserIdentityCollectionTransformation: (call) => ({
    issuersCollection: issuers(call, 'userIdentityCollection'),
  }),
  GetSingleItemFromStringCollection: ({ list }) => ({
    extractedItem: list<string>('collection')[0],
  }),
  RemoveAlternativeSecurityIdByIdentityProvider: removeByIssuer('identityProvider'),
  RemoveUserIdentityFromCollectionByIssuer: removeByIssuer('issuer'),
};
