/** The `user` resource of Microsoft Graph over the accounts of the tenant. */
import type { Application } from '../definition/application.ts';
import { definePasswordRules } from '../definition/password-rules.ts';
import type { ClaimValue, UserIdentity } from '../policy/claims-bag.ts';
import { readAttributeOf, writeAttributeOf } from '../policy/directory-attributes.ts';
import type { Account } from '../state/accounts.ts';
import { badRequest } from './graph-error.ts';

export interface UserContext {
  domain: string;
  applications: readonly Application[];
  /** Epoch milliseconds. */
  now: number;
}

interface Identity {
  signInType: string;
  issuer: string;
  issuerAssignedId: string;
}

interface Property {
  /** Without it, the property is never returned. */
  read?(account: Account, context: UserContext): unknown;
  /** Without it, the property is read-only. */
  write?(account: Account, value: unknown, context: UserContext): void;
}

const store = (name: string, account: Account, value: unknown, { now }: UserContext): void =>
  writeAttributeOf(account, name, { value: (value ?? undefined) as ClaimValue | undefined, now });

const attribute = (name: string): Property => ({
  read: (account, context) => readAttributeOf(account, name, context) ?? null,
  write: (account, value, context) => store(name, account, value, context),
});

const TEXTS = [
  ...['displayName', 'givenName', 'surname', 'userPrincipalName', 'mailNickname'],
  ...['city', 'country', 'state', 'postalCode', 'streetAddress', 'jobTitle', 'companyName'],
  ...['department', 'officeLocation', 'mobilePhone', 'preferredLanguage', 'usageLocation'],
  ...['passwordPolicies', 'ageGroup', 'consentProvidedForMinor', 'employeeId'],
];

/** By name. They are written in this order: a password makes an account local, the mail is no sign-in name. */
const PROPERTIES: Readonly<Record<string, Property>> = {
  id: { read: ({ oid }) => oid },
  ...Object.fromEntries(TEXTS.map((name) => [name, attribute(name)])),
  passwordProfile: { write: writePassword },
  identities: { read: readIdentities, write: writeIdentities },
  mail: attribute('mail'),
  otherMails: attribute('otherMails'),
  accountEnabled: attribute('accountEnabled'),
};

/** Returned without `$select`. */
const DEFAULTS = [
  ...['displayName', 'givenName', 'id', 'jobTitle', 'mail', 'mobilePhone', 'officeLocation'],
  ...['preferredLanguage', 'surname', 'userPrincipalName'],
];

/** Sign-in types of local accounts, and the attribute of each. */
const LOCAL: Readonly<Record<string, string>> = {
  emailAddress: 'signInNames.emailAddress',
  userName: 'signInNames.userName',
  phoneNumber: 'signInNames.phoneNumber',
  userPrincipalName: 'userPrincipalName',
};

/** @throws GraphError for an unknown property */
export function describeUser(
  account: Account,
  context: UserContext,
  select: readonly string[] = DEFAULTS,
): Record<string, unknown> {
  const values = select.map((name) => {
    const property = findProperty(name, context);
    return [name, property.read?.(account, context) ?? null] as const;
  });
  return Object.fromEntries(values);
}

/** @throws GraphError for an unknown or read-only property */
export function writeUser(
  account: Account,
  values: Readonly<Record<string, unknown>>,
  context: UserContext,
): void {
  const names = Object.keys(values).filter((name) => !name.startsWith('@odata.'));
  const order = Object.keys(PROPERTIES);
  for (const name of names.sort((a, b) => order.indexOf(a) - order.indexOf(b))) {
    const { write } = findProperty(name, context);
    if (!write) throw badRequest(`Property '${name}' is read-only and cannot be set.`);
    write(account, values[name], context);
  }
}

export function findProperty(name: string, context: UserContext): Property {
  if (Object.hasOwn(PROPERTIES, name)) return PROPERTIES[name] as Property;
  const [, applicationId, shortName] = /^extension_([0-9a-f]{32})_(\w+)$/i.exec(name) ?? [];
  if (!applicationId) throw badRequest(`Property '${name}' does not exist on the user.`);
  const own = extensionsApplicationId(context);
  if (applicationId.toLowerCase() === own) return attribute(`extension_${shortName}`);
  throw badRequest(
    `The following extension properties are not available: ${name}. The ID of the application that ` +
      `has the extensions is ${own}. To use another one, add an application "b2c-extensions-app" with its ID.`,
  );
}

const EXTENSIONS_APPLICATION = 'f0b6e55f00004000800000000000a0ee';

/** Without hyphens. In a real tenant, B2C registers this application. */
function extensionsApplicationId({ applications }: UserContext): string {
  const found = applications.find(({ name }) => name.startsWith('b2c-extensions-app'));
  return found?.id.replaceAll('-', '').toLowerCase() ?? EXTENSIONS_APPLICATION;
}

export function readIdentities(account: Account, context: UserContext): Identity[] {
  const local = Object.entries(LOCAL).flatMap(([signInType, name]) => {
    const value = readAttributeOf(account, name, context);
    const issuer = context.domain;
    return value ? [{ signInType, issuer, issuerAssignedId: String(value) }] : [];
  });
  const federated = (readAttributeOf(account, 'userIdentities', context) ?? []) as UserIdentity[];
  return [
    ...local,
    ...federated.map(({ issuer, issuerUserId: issuerAssignedId }) => ({
      ...{ signInType: 'federated', issuer, issuerAssignedId },
    })),
  ];
}

/** Replaces all identities. The user principal name stays if the list has none. */
function writeIdentities(account: Account, value: unknown, context: UserContext): void {
  const identities = parseIdentities(value, context);
  for (const [signInType, name] of Object.entries(LOCAL)) {
    const found = identities.find((identity) => identity.signInType === signInType);
    if (found || name !== 'userPrincipalName')
      store(name, account, found?.issuerAssignedId, context);
  }
  const federated = identities
    .filter(({ signInType }) => signInType === 'federated')
    .map(({ issuer, issuerAssignedId: issuerUserId }) => ({ issuer, issuerUserId }));
  store('userIdentities', account, federated.length > 0 ? federated : undefined, context);
}

function parseIdentities(value: unknown, { domain }: UserContext): Identity[] {
  if (!Array.isArray(value)) throw badRequest("Property 'identities' has to be a list.");
  return value.map((identity: Partial<Identity>) => {
    const { signInType = '', issuer = '', issuerAssignedId = '' } = identity;
    const isLocal = Object.hasOwn(LOCAL, signInType);
    if (!issuerAssignedId || !issuer || !(isLocal || signInType === 'federated')) {
      const types = [...Object.keys(LOCAL), 'federated'].join(', ');
      const members = `signInType (${types}), issuer and issuerAssignedId`;
      throw badRequest(`An identity needs ${members}.`);
    }
    if (isLocal && issuer.toLowerCase() !== domain.toLowerCase()) {
      throw badRequest(`The issuer of a local identity has to be ${domain}.`);
    }
    return { signInType, issuer, issuerAssignedId };
  });
}

const FORCE_CHANGE = 'forceChangePasswordNextLogin';

function writePassword(account: Account, value: unknown, context: UserContext): void {
  const { password, forceChangePasswordNextSignIn: force } = (value ?? {}) as {
    password?: unknown;
    forceChangePasswordNextSignIn?: unknown;
  };
  if (password !== undefined) {
    if (!isStrong(account, password)) {
      throw badRequest(
        'The specified password does not comply with password complexity requirements.',
      );
    }
    store('password', account, password, context);
  }
  if (force !== undefined) store(FORCE_CHANGE, account, force === true, context);
}

function isStrong({ attributes }: Account, password: unknown): password is string {
  if (typeof password !== 'string' || password === '') return false;
  const policies = String(attributes['passwordPolicies'] ?? '');
  if (policies.includes('DisableStrongPassword')) return true;
  const { minLength, characterClasses } = definePasswordRules('strong');
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];
  const found = classes.filter((characters) => characters.test(password)).length;
  return password.length >= minLength && found >= characterClasses;
}
