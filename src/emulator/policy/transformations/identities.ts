import type { AlternativeSecurityId, UserIdentity } from '../claims-bag.ts';
import { claim, fail, isEqual, list, type Method, type MethodCall, text } from './method.ts';

const base64 = (value: string): string => Buffer.from(value).toString('base64');

/** `CreateAlternativeSecurityId` makes a JSON text; the directory gives an object. */
function readAlternativeSecurityId(call: MethodCall): AlternativeSecurityId | undefined {
  const item = claim(call, 'item');
  if (typeof item !== 'string') return item as AlternativeSecurityId | undefined;
  try {
    return JSON.parse(item);
  } catch {
    return fail(`"${item}" is not an alternative security ID`);
  }
}

const collection = <Item>(items: readonly Item[]) => (items.length > 0 ? items : undefined);

export const IDENTITY_METHODS = {
  AddItemToAlternativeSecurityIdCollection(call) {
    const known = list<AlternativeSecurityId>(call, 'collection');
    const item = readAlternativeSecurityId(call);
    return { collection: collection(item ? [...known, item] : known) };
  },
  AddItemToUserIdentityCollection(call) {
    const known = list<UserIdentity>(call, 'collection');
    const item = claim(call, 'item') as UserIdentity | undefined;
    return { collection: collection(item ? [...known, item] : known) };
  },
  CreateAlternativeSecurityId(call) {
    const key = text(call, 'key');
    const identityProvider = text(call, 'identityProvider');
    const isKnown = key !== undefined && identityProvider !== undefined;
    // 6: an account of an identity provider.
    const id = isKnown ? { type: 6, identityProvider, key: base64(key) } : undefined;
    return { alternativeSecurityId: id && JSON.stringify(id) };
  },
  CreateUserIdentity(call) {
    const issuerUserId = text(call, 'issuerUserId');
    const issuer = text(call, 'issuer');
    const isKnown = issuer !== undefined && issuerUserId !== undefined;
    return {
      userIdentity: isKnown ? { issuer, issuerUserId } : undefined,
    };
  },
  GetIdentityProvidersFromAlternativeSecurityIdCollectionTransformation: (call) => ({
    identityProvidersCollection: collection(
      list<AlternativeSecurityId>(call, 'alternativeSecurityIdCollection').map(
        ({ identityProvider }) => identityProvider,
      ),
    ),
  }),
  GetIssuersFromUserIdentityCollectionTransformation: (call) => ({
    issuersCollection: collection(
      list<UserIdentity>(call, 'userIdentityCollection').map(({ issuer }) => issuer),
    ),
  }),
  RemoveAlternativeSecurityIdByIdentityProvider(call) {
    const removed = text(call, 'identityProvider');
    const rest = list<AlternativeSecurityId>(call, 'collection').filter(
      ({ identityProvider }) => !isEqual(identityProvider, removed, true),
    );
    return { collection: collection(rest) };
  },
  RemoveUserIdentityFromCollectionByIssuer(call) {
    const removed = text(call, 'issuer');
    const rest = list<UserIdentity>(call, 'collection').filter(
      ({ issuer }) => !isEqual(issuer, removed, true),
    );
    return { collection: collection(rest) };
  },
} satisfies Record<string, Method>;
