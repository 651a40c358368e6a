/** The claims that a simulated identity provider sends for a technical profile. */
import { typedValue } from '../pages/form-values.ts';
import { claimText } from '../policy/claim-text.ts';
import type { ClaimValue } from '../policy/claims-bag.ts';
import { readAttributeOf } from '../policy/directory-attributes.ts';
import type { ClaimsExchange } from '../policy/policy.ts';
import { exactPartnerName } from '../policy/profile-claims.ts';
import type { ClaimReference, TechnicalProfile } from '../policy/technical-profile.ts';
import { isEmail } from '../policy/verification.ts';
import type { Account, Accounts } from '../state/accounts.ts';

/** The answer of the provider, until its redirect URI is opened. */
export type ProviderReply =
  | { kind: 'signed_in'; claims: ReadonlyMap<string, ClaimValue> }
  | { kind: 'refused' }
  | { kind: 'unreachable' };

export interface PartnerField {
  name: string;
  label: string;
  type: 'email' | 'text';
  value: string;
}

export function describeProvider({ profile, id }: ClaimsExchange): {
  name: string;
  issuer: string;
} {
  const { displayName, domain } = profile;
  const issuer = domain?.value ?? providerIssuer(profile) ?? profile.id;
  return { name: displayName?.value ?? id, issuer };
}

/** The constant that a profile writes into `identityProvider`. */
const providerIssuer = ({ outputClaims }: TechnicalProfile): string | undefined =>
  outputClaims.find(({ claimType }) => claimType.id.toLowerCase() === 'identityprovider')
    ?.defaultValue;

/** The claims that only the provider can give, as the profile spells them. Resolvers are not claims. */
const partnerClaims = (profile: TechnicalProfile): { name: string; reference: ClaimReference }[] =>
  profile.outputClaims.flatMap((reference) => {
    const { alwaysUseDefaultValue, defaultValue } = reference;
    const name = exactPartnerName(reference, profile);
    const isConstant = alwaysUseDefaultValue || defaultValue !== undefined;
    return isConstant || name.startsWith('{') ? [] : [{ name, reference }];
  });

const partnerType = (name: string): PartnerField['type'] => (/mail/i.test(name) ? 'email' : 'text');

export function partnerFields(profile: TechnicalProfile, sent: URLSearchParams): PartnerField[] {
  // Two claims can come from one claim of the provider.
  const byName = new Map(partnerClaims(profile).map((one) => [one.name, one]));
  return [...byName.values()].map(({ name, reference }) => {
    const { displayName } = reference.claimType;
    const label =
      displayName && displayName.value !== name ? `${name} (${displayName.value})` : name;
    return { name, label, type: partnerType(name), value: sent.get(name) ?? '' };
  });
}

const ID_NAMES = ['sub', 'id', 'oid', 'user_id', 'email'];

/** The partner claim that identifies a user. */
export function idName(profile: TechnicalProfile): string | undefined {
  const names = partnerClaims(profile).map(({ name }) => name);
  return ID_NAMES.find((name) => names.includes(name)) ?? names[0];
}

export function readReply(
  sent: URLSearchParams,
  profile: TechnicalProfile,
  accounts: Accounts,
): ProviderReply | { kind: 'incomplete' } {
  const action = sent.get('action');
  if (action === 'refuse') return { kind: 'refused' };
  if (action === 'fail') return { kind: 'unreachable' };
  const id = idName(profile);
  const known = sent.get('account');
  const claims = new Map<string, ClaimValue>();
  for (const { name } of partnerClaims(profile)) {
    const typed =
      known === null
        ? typedValue(sent, [name])
        : knownClaim(name, known, { id, profile, accounts });
    if (typed !== '' && !isFaultyEmail(name, typed)) claims.set(name.toLowerCase(), typed);
  }
  const isComplete = id === undefined || claims.has(id.toLowerCase());
  return isComplete ? { kind: 'signed_in', claims } : { kind: 'incomplete' };
}

const isFaultyEmail = (name: string, typed: string): boolean =>
  partnerType(name) === 'email' && !isEmail(typed);

/** IDs at the provider of the users that have signed in before. */
export const knownUsers = (profile: TechnicalProfile, accounts: Accounts): string[] =>
  [...accounts.values()].flatMap((account) => identityOf(account, profile) ?? []);

function identityOf(account: Account, profile: TechnicalProfile): string | undefined {
  const issuer = providerIssuer(profile) ?? profile.domain?.value;
  const identities = readAttributeOf(account, 'userIdentities', { domain: '' });
  const own = (Array.isArray(identities) ? identities : []) as {
    issuer: string;
    issuerUserId: string;
  }[];
  const found = own.find((identity) => identity.issuer === issuer)?.issuerUserId;
  return found ?? alternativeIdentity(account, issuer);
}

function alternativeIdentity(account: Account, issuer: string | undefined): string | undefined {
  const text = readAttributeOf(account, 'alternativeSecurityId', { domain: '' });
  try {
    const { identityProvider, key } = JSON.parse(claimText(text ?? '')) as Record<string, string>;
    return identityProvider === issuer && key ? Buffer.from(key, 'base64').toString() : undefined;
  } catch {
    return undefined;
  }
}

/** Partner claims of an account, by names that OAuth providers use. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  ...{ name: 'displayName', given_name: 'givenName', first_name: 'givenName' },
  ...{ family_name: 'surname', last_name: 'surname' },
};

function knownClaim(
  name: string,
  user: string,
  {
    id,
    profile,
    accounts,
  }: { id: string | undefined; profile: TechnicalProfile; accounts: Accounts },
): string {
  if (name === id) return user;
  const account = [...accounts.values()].find((one) => identityOf(one, profile) === user);
  if (!account) return '';
  const value = /^e?mail$/i.test(name)
    ? account.email
    : readAttributeOf(account, ATTRIBUTES[name] ?? name, { domain: '' });
  return value === undefined ? '' : claimText(value);
}
