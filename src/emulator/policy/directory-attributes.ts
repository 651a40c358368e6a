/** Attributes of the directory, as custom policies name them, over the accounts of the local tenant. */
import { type Account, changePassword } from '../state/accounts.ts';
import type { AlternativeSecurityId, ClaimValue, UserIdentity } from './claims-bag.ts';

interface Attribute {
  read(account: Account, tenant: { domain: string }): ClaimValue | undefined;
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

/** Attributes that are properties of an account, by name in lower case. All others are its claims. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  objectid: { read: ({ oid }) => oid },
  userprincipalname: {
    read: (account, { domain }) =>
      storedText(account, 'userPrincipalName') ?? `${account.oid}@${domain}`,
    write: (account, value) => writeClaimOf(account, 'userPrincipalName', value),
  },
  displayname: property('displayName'),
  givenname: property('givenName'),
  surname: property('surname'),
  strongauthenticationphonenumber: property('phoneNumber'),
  'signinnames.username': property('userName'),
  'signinnames.emailaddress': {
    read: ({ email, identityProvider }) =>
      identityProvider === undefined && email !== '' ? email : undefined,
    write(account, value) {
      account.email = value === undefined ? '' : String(value);
    },
  },
  othermails: {
    read: (account) =>
      (readClaimOf(account, 'otherMails') as readonly string[] | undefined) ??
      (account.email === '' ? undefined : [account.email]),
    write(account, value) {
      writeClaimOf(account, 'otherMails', value);
      const first = Array.isArray(value) ? value[0] : value;
      if (account.email === '' && first !== undefined) account.email = String(first);
    },
  },
  password: {
    read: () => undefined,
    write(account, value, now) {
      if (value !== undefined) changePassword(account, String(value), now);
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
    read: (account) =>
      storedText(account, 'alternativeSecurityId') ?? defaultAlternativeSecurityId(account),
    write(account, value) {
      writeClaimOf(account, 'alternativeSecurityId', value);
      const { identityProvider } = parseAlternativeSecurityId(value);
      if (identityProvider) account.identityProvider = identityProvider;
    },
  },
  useridentities: {
    read: (account) => userIdentities(account),
    write: (account, value) => writeClaimOf(account, 'userIdentities', value),
  },
};

/** The value of an attribute; names are compared without case. */
export function readAttributeOf(
  account: Account,
  name: string,
  tenant: { domain: string },
): ClaimValue | undefined {
  const attribute = ATTRIBUTES[name.toLowerCase()];
  return attribute ? attribute.read(account, tenant) : readClaimOf(account, name);
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

/** True if the account is the one that a key attribute names. Sign-in names are compared without case. */
export function hasKey(
  account: Account,
  { name, value }: { name: string; value: ClaimValue },
  tenant: { domain: string },
): boolean {
  const isSame = (text: ClaimValue | undefined) =>
    typeof text === 'string' && text.toLowerCase() === String(value).toLowerCase();
  const key = name.toLowerCase();
  if (key === 'alternativesecurityid') {
    const wanted = parseAlternativeSecurityId(value);
    const own = parseAlternativeSecurityId(readAttributeOf(account, key, tenant));
    return own.identityProvider === wanted.identityProvider && own.key === wanted.key;
  }
  if (key === 'useridentities') {
    const wanted = (Array.isArray(value) ? value : [value]) as readonly UserIdentity[];
    return userIdentities(account).some((own) =>
      wanted.some(
        ({ issuer, issuerUserId }) => own.issuer === issuer && own.issuerUserId === issuerUserId,
      ),
    );
  }
  if (key === 'signinnames' || key === 'username') {
    return SIGN_IN_NAMES.some((own) => isSame(readAttributeOf(account, own, tenant)));
  }
  return isSame(readAttributeOf(account, name, tenant));
}

const SIGN_IN_NAMES = [
  ...['signInNames.emailAddress', 'signInNames.userName', 'signInNames.phoneNumber'],
  'userPrincipalName',
];

function parseAlternativeSecurityId(value: unknown): Partial<AlternativeSecurityId> {
  try {
    return JSON.parse(String(value)) as Partial<AlternativeSecurityId>;
  } catch {
    return {};
  }
}

/** An account that user flows or tests have made: its email address is its ID at the provider. */
function defaultAlternativeSecurityId(account: Account): string | undefined {
  const { identityProvider, federatedName, email } = account;
  if (identityProvider === undefined) return undefined;
  const key = Buffer.from(federatedName ?? email).toString('base64');
  return JSON.stringify({ type: 6, identityProvider, key });
}

function userIdentities(account: Account): readonly UserIdentity[] {
  const stored = readClaimOf(account, 'userIdentities') as readonly UserIdentity[] | undefined;
  const { identityProvider, federatedName, email } = account;
  if (stored || identityProvider === undefined) return stored ?? [];
  return [{ issuer: identityProvider, issuerUserId: federatedName ?? email }];
}

const claimName = ({ claims }: Account, name: string): string =>
  Object.keys(claims).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;

const readClaimOf = (account: Account, name: string): ClaimValue | undefined =>
  account.claims[claimName(account, name)] as ClaimValue | undefined;

const storedText = (account: Account, name: string): string | undefined => {
  const value = readClaimOf(account, name);
  return typeof value === 'string' ? value : undefined;
};

function writeClaimOf(account: Account, name: string, value: ClaimValue | undefined): void {
  const key = claimName(account, name);
  if (value === undefined) delete account.claims[key];
  else account.claims[key] = value;
}
