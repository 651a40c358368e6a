import { closestMatch } from '../did-you-mean.ts';
import type { ConfigIssue } from '../errors.ts';
import { printable } from './issues.ts';
import {
  type ForeignSetting,
  isSection,
  isText,
  type NativeInput,
  type Section,
  toNativeInput,
} from './native-input.ts';

const SECTION = 'AzureAdB2C';

/** The keys that b2c-signin reads. */
const KEYS = [
  'Instance',
  'Domain',
  'TenantId',
  'ClientId',
  'ClientSecret',
  'ClientCredentials',
  'SignUpSignInPolicyId',
  'EditProfilePolicyId',
  'ResetPasswordPolicyId',
  'CallbackPath',
];

/** Keys of Microsoft.Identity.Web that are similar to one of `KEYS`. */
const OTHER_KEYS = ['ClientCertificates', 'SignedOutCallbackPath', 'RemoteSignOutPath'];

// The templates of Microsoft have GUIDs of zeros or nines for values to replace.
const PLACEHOLDER = /^(?:0[0-]*|9[9-]*)$/;

/** Converts the section `AzureAdB2C` of an `appsettings.json`. .NET ignores the case of its keys. */
export function convertAppSettings(section: Section): NativeInput {
  const find = (key: string): unknown => {
    const [, value] = Object.entries(section).findLast(([name]) => isSameKey(name, key)) ?? [];
    return value;
  };
  const url = find('Instance');
  const instance = isText(url) ? url.replace(/\/(tfp\/?)?$/, '') : undefined;
  const tenant = [find('Domain'), find('TenantId')].find(isText);
  const authority = instance && tenant ? `${instance}/${tenant}` : undefined;
  const row = (name: string, key: string, value = find(key)): ForeignSetting => [
    name,
    value,
    `${SECTION}.${key}`,
  ];
  const settings = [
    row('tenant.authority', instance && !tenant ? 'Domain' : 'Instance', authority ?? ''),
    row('tenant.tenantId', 'TenantId'),
    row('client.id', 'ClientId'),
    clientSecret(find('ClientSecret'), find('ClientCredentials')),
    row('policies.signIn', 'SignUpSignInPolicyId'),
    row('policies.editProfile', 'EditProfilePolicyId'),
    row('policies.resetPassword', 'ResetPasswordPolicyId'),
    row('routes.callback', 'CallbackPath', find('CallbackPath') ?? '/signin-oidc'),
  ];
  return toNativeInput(settings, [...findUnknownKeys(section), ...findPlaceholders(settings)]);
}

/** `ClientSecret`, or else the first entry of `ClientCredentials` that is a secret. */
function clientSecret(secret: unknown, credentials: unknown): ForeignSetting {
  const entries: unknown[] = Array.isArray(credentials) ? credentials : [];
  const index = entries.findIndex(
    (entry) => isSection(entry) && isText(entry['ClientSecret']) && isSecret(entry['SourceType']),
  );
  // Certificates and secrets of Azure Key Vault cannot be read.
  if (secret || index === -1) return ['client.secret', secret, `${SECTION}.ClientSecret`];
  const { ClientSecret: value } = entries[index] as Section;
  return ['client.secret', value, `${SECTION}.ClientCredentials.${index}.ClientSecret`];
}

const isSecret = (sourceType: unknown) =>
  sourceType === undefined || (isText(sourceType) && isSameKey(sourceType, 'ClientSecret'));

function* findUnknownKeys(section: Section): Generator<ConfigIssue> {
  const known = [...KEYS, ...OTHER_KEYS];
  for (const key of Object.keys(section)) {
    if (known.some((name) => isSameKey(name, key))) continue;
    // Other keys without a similar name are for ASP.NET.
    const match = closestMatch(key, KEYS);
    if (!match) continue;
    const setting = `${SECTION}.${printable(key)}`;
    yield { setting, path: [], problem: 'unknown setting', fix: `Did you mean "${match}"?` };
  }
}

function* findPlaceholders(settings: readonly ForeignSetting[]): Generator<ConfigIssue> {
  for (const [name, value, setting] of settings) {
    if (!isText(value) || !PLACEHOLDER.test(value)) continue;
    const problem = 'is the placeholder of a template';
    const fix = 'Replace it with the value that the portal shows.';
    yield { setting, path: name.split('.'), problem, fix };
  }
}

const isSameKey = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
