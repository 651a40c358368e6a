/** Attributes of the directory, as custom policies name them, over the accounts of the emulator. */
import { type Account, changePassword } from '../state/accounts.ts';
import type { ClaimValue, UserIdentity } from './claims-bag.ts';

interface Attribute {
  read?(account: Account, tenant: { domain: string }): ClaimValue | undefined;
  write?(account: Account, value: ClaimValue | undefined, now: number): void;
}

type TextProperty = 'displayName' | 'givenName' | 'surname' | 'phoneNumber' | 'userName';

const property = (name: TextProperty): Attribute => ({
  read: (account) => account[name],
  write(account, value) {
    if (value === undefined) delete account[name];
    else account[name] = String(value);
  },
});

const writeEmail: Attribute['write'] = (account, value) => {
  account.email = String(value ?? '');
};

const emailOf = ({ email }: Account): string | undefined => email || undefined;

/** Attributes that are properties of an account, by name in lower case. All others are its claims. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  objectid: { read: ({ oid }) => oid },
  userprincipalname: {
    read(account, { domain }) {
      const stored = readClaimOf(account, 'userPrincipalName');
      return typeof stored === 'string' ? stored : `${account.oid}@${domain}`;
    },
    write: (account, value) => writeClaimOf(account, 'userPrincipalName', value),
  },
  displayname: property('displayName'),
  givenname: property('givenName'),
  surname: property('surname'),
  strongauthenticationphonenumber: property('phoneNumber'),
  'signinnames.username': property('userName'),
  'signinnames.emailaddress': {
    read: (account) => (account.identityProvider === undefined ? emailOf(account) : undefined),
    write: writeEmail,
  },
  mail: { read: emailOf, write: writeEmail },
  othermails: {
    read(account) {
      const stored = readClaimOf(account, 'otherMails');
      return stored ?? (account.email === '' ? undefined : [account.email]);
    },
    write(account, value) {
      writeClaimOf(account, 'otherMails', value);
      const [first] = [value].flat();
      if (account.email === '' && first !== undefined) account.email = String(first);
    },
  },
  password: {
    write(account, value, now) {
      if (value === undefined) return;
      // The first password of a new account revokes nothing.
      if (account.password === '') account.password = String(value);
      else changePassword(account, String(value), now);
    },
  },
  accountenabled: {
    read: ({ disabled }) => !disabled,
    write(account, value) {
      account.disabled = String(value).toLowerCase() === 'false';
    },
  },
  refreshtokensvalidfromdatetime: {
    read: ({ refreshTokensValidFrom }) => new Date(refreshTokensValidFrom).toISOString(),
    write(account, value) {
      account.refreshTokensValidFrom = Date.parse(String(value)) || 0;
    },
  },
  alternativesecurityid: {
    /** The first identity of an account is its identity provider and its name there. */
    read({ identityProvider, federatedName, email }) {
      if (identityProvider === undefined) return undefined;
      const key = Buffer.from(federatedName ?? email).toString('base64');
      return JSON.stringify({ type: 6, identityProvider, key });
    },
    write(account, value) {
      const { identityProvider, name } = parseAlternativeSecurityId(value);
      if (identityProvider === undefined) return;
      account.identityProvider = identityProvider;
      account.federatedName = name;
    },
  },
  identities: { read: graphIdentities },
  useridentities: {
    read: userIdentities,
    write(account, value) {
      writeClaimOf(account, 'userIdentities', value);
      const [first] = identitiesIn(value);
      if (account.password !== '' || !first) return;
      account.identityProvider = first.issuer;
      account.federatedName = first.issuerUserId;
    },
  },
};

/** The value of an attribute; names are compared without case. */
export function readAttributeOf(
  account: Account,
  name: string,
  tenant: { domain: string },
): ClaimValue | undefined {
  const attribute = ATTRIBUTES[name.toLowerCase()];
  return attribute ? attribute.read?.(account, tenant) : readClaimOf(account, name);
}

/** Stores the value of an attribute; `undefined` empties it. `now` in epoch milliseconds. */
export function writeAttributeOf(
  account: Account,
  name: string,
  { value, now }: { value: ClaimValue | undefined; now: number },
): void {
  const attribute = ATTRIBUTES[name.toLowerCase()];
  if (attribute) attribute.write?.(account, value, now);
  else writeClaimOf(account, name, value);
}

/** Compares the value of a key attribute with that of an account. */
type KeyMatch = (account: Account, value: ClaimValue, tenant: { domain: string }) => boolean;

/** Keys that stand for any sign-in name. */
const matchesAnyName: KeyMatch = (account, value, tenant) =>
  SIGN_IN_NAMES.some((own) => isSame(readAttributeOf(account, own, tenant), value));

const SIGN_IN_NAMES = [
  ...['signInNames.emailAddress', 'signInNames.userName', 'signInNames.phoneNumber'],
  'userPrincipalName',
];

const KEYS: Readonly<Record<string, KeyMatch>> = {
  alternativesecurityid(account, value, tenant) {
    const wanted = parseAlternativeSecurityId(value);
    const own = parseAlternativeSecurityId(
      readAttributeOf(account, 'alternativeSecurityId', tenant),
    );
    return isSame(own.identityProvider, wanted.identityProvider) && isSame(own.name, wanted.name);
  },
  useridentities: (account, value) =>
    userIdentities(account).some((own) =>
      identitiesIn(value).some(
        ({ issuer, issuerUserId }) => own.issuer === issuer && own.issuerUserId === issuerUserId,
      ),
    ),
  signinnames: matchesAnyName,
  logonidentifier: matchesAnyName,
  username: matchesAnyName,
};

/** True if the account is the one that a key attribute names. Sign-in names are compared without case. */
export function hasKey(
  account: Account,
  { name, value }: { name: string; value: ClaimValue },
  tenant: { domain: string },
): boolean {
  const matches = KEYS[name.toLowerCase()];
  if (matches) return matches(account, value, tenant);
  return isSame(readAttributeOf(account, name, tenant), value);
}

const isSame = (left: ClaimValue | undefined, right: ClaimValue | undefined): boolean =>
  typeof left === 'string' && left.toLowerCase() === String(right ?? '').toLowerCase();

/** `name` is the decoded key. */
function parseAlternativeSecurityId(value: unknown): { identityProvider?: string; name: string } {
  try {
    const { key = '', identityProvider } = JSON.parse(String(value));
    return { identityProvider, name: Buffer.from(key, 'base64').toString() };
  } catch {
    return { name: '' };
  }
}

const identitiesIn = (value: ClaimValue | undefined): UserIdentity[] =>
  [value].flat().filter((one) => one !== undefined) as UserIdentity[];

function userIdentities(account: Account): readonly UserIdentity[] {
  const stored = readClaimOf(account, 'userIdentities') as readonly UserIdentity[] | undefined;
  const { identityProvider, federatedName, email } = account;
  if (stored || identityProvider === undefined) return stored ?? [];
  return [{ issuer: identityProvider, issuerUserId: federatedName ?? email }];
}

/** The sign-in names of an account in the form of Microsoft Graph, as JSON. */
function graphIdentities(account: Account, { domain }: { domain: string }): string {
  const { email, userName, identityProvider } = account;
  const local = identityProvider === undefined ? { userName, emailAddress: email } : {};
  const names = [
    ...Object.entries(local).map(([signInType, name]) => [signInType, domain, name]),
    ...userIdentities(account).map((one) => ['federated', one.issuer, one.issuerUserId]),
  ];
  return JSON.stringify(
    names.flatMap(([signInType, issuer, issuerAssignedId]) =>
      issuerAssignedId ? [{ signInType, issuer, issuerAssignedId }] : [],
    ),
  );
}

/** Attributes of the directory itself. All others are claims of user flows too. */
const DIRECTORY_ATTRIBUTE =
  /^(useridentities|userprincipalname|othermails|mailnickname|passwordp|strongauthentication|signinnames|forcechange|dateofbirth)/i;

function storeOf(account: Account, name: string): Record<string, unknown> {
  return DIRECTORY_ATTRIBUTE.test(name) ? account.attributes : account.claims;
}

const storedName = (store: Record<string, unknown>, name: string): string =>
  Object.keys(store).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;

function readClaimOf(account: Account, name: string): ClaimValue | undefined {
  const store = storeOf(account, name);
  return store[storedName(store, name)] as ClaimValue | undefined;
}

function writeClaimOf(account: Account, name: string, value: ClaimValue | undefined): void {
  const store = storeOf(account, name);
  const key = storedName(store, name);
  if (value === undefined) delete store[key];
  else store[key] = value;
}
