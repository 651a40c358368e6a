/** Every setting of the emulator's configuration file. */
import { z } from 'zod';
import { POLICY } from './policy-schema.ts';
import {
  boolean,
  elementId,
  integer,
  list,
  object,
  oneOf,
  optional,
  record,
  recordOf,
  string,
} from './schema-types.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
const HTTP_URL = /^https?:\/\/[^\s/]+/;

const application = object({
  id: string(),
  name: optional(string()),
  type: optional(oneOf(['web', 'spa', 'native'])),
  secrets: optional(list(string())),
  redirectUris: optional(
    list(string({ pattern: /^[a-z][a-z0-9+.-]*:/i, meaning: 'an absolute URI' })),
  ),
  anyLoopbackRedirectUri: optional(
    boolean('Accepts every redirect URI on this computer. Default without redirectUris: true.'),
  ),
  logoutUrl: optional(string({ pattern: HTTP_URL, meaning: 'an http or https URL' })),
  implicit: optional(object({ idToken: optional(boolean()), accessToken: optional(boolean()) })),
  api: optional(object({ uri: string(), scopes: list(string()), roles: optional(list(string())) })),
  permissions: optional(list(string(), 'API scopes that it may request. Default: all.')),
  disabled: optional(boolean('AADB2C90092.')),
  wrongAccountType: optional(boolean('AADB2C90068.')),
});

/** An account, in the file and in `POST /_emulator/accounts`. */
export const ACCOUNT = object({
  email: string({ pattern: EMAIL, meaning: 'an email address' }),
  userName: optional(string()),
  oid: optional(string({ pattern: GUID, meaning: 'a GUID' })),
  password: optional(string()),
  displayName: optional(string()),
  givenName: optional(string()),
  surname: optional(string()),
  phoneNumber: optional(string({ pattern: /^\+\d{7,15}$/, meaning: 'a number like +15551234567' })),
  identityProvider: optional(
    string({ description: 'Signs in at this provider: the value of its idp claim.' }),
  ),
  federatedName: optional(string()),
  disabled: optional(boolean()),
  claims: optional(record('Additional claims, as they appear in tokens.')),
  attributes: optional(record('Directory attributes that only custom policies use.')),
});

const behavior = object({
  redirectUriMismatch: optional(oneOf(['redirect', 'page'], 'Where AADB2C90006 is reported.')),
  accessTokenWithoutResource: optional(
    boolean('Issues an access token if the scope names no API.'),
  ),
  logoutIssuerAndSession: optional(boolean('Adds iss and sid to front-channel logout.')),
  lockout: optional(
    object({
      failures: integer({ min: 1, max: 1000 }),
      seconds: integer({ min: 1, max: 86_400 }),
    }),
  ),
  throttle: optional(
    object({
      requests: integer({ min: 1, max: 1_000_000 }),
      seconds: integer({ min: 1, max: 3600 }),
    }),
  ),
});

const policyKey = z
  .union([object({ file: string() }), object({ env: string() }), object({ secret: string() })])
  .describe('A file, an environment variable, or the value itself.');

const customPolicies = object(
  {
    folder: string({ description: 'Folder with TrustFramework XML, with its subfolders.' }),
    environment: optional(
      string({ description: 'Environment of appsettings.json. Default: the first.' }),
    ),
    keys: optional(recordOf(policyKey, 'Policy keys by name. Keys that are missing are made up.')),
    rest: optional(
      recordOf(
        string({ pattern: HTTP_URL, meaning: 'an http or https URL' }),
        'URLs on this computer, by the start of the URL that they replace.',
      ),
    ),
    providers: optional(
      oneOf(['simulated'], 'Simulates the identity providers on this computer too.'),
    ),
  },
  'Custom policies in XML.',
);

const tls = z
  .union([oneOf(['self-signed']), object({ cert: string(), key: string() })])
  .describe('Files in PEM, or "self-signed" for a temporary certificate.');

export const CONFIGURATION = object({
  $schema: optional(string()),
  host: optional(string({ description: 'Listen address.' })),
  port: optional(integer({ min: 0, max: 65_535 }, '0: a free port.')),
  publicUrl: optional(
    string({
      pattern: /^https?:\/\/[^\s/]+\/?$/,
      meaning: 'an http or https URL without a path',
      description: 'Prefix of issuers and endpoints, regardless of the requested host.',
    }),
  ),
  tls: optional(tls),
  stateFile: optional(
    string({ description: 'Keeps accounts, keys and sessions across restarts.' }),
  ),
  verificationCode: optional(string({ description: 'Fixed verification code, not a random one.' })),
  tenant: optional(
    object({
      domain: optional(string({ pattern: /^[a-z0-9.-]+$/i, meaning: 'a domain name' })),
      id: optional(string({ pattern: GUID, meaning: 'a GUID' })),
      kind: optional(oneOf(['b2c', 'external-id'], 'Azure AD B2C or Entra External ID.')),
    }),
  ),
  policies: optional(list(POLICY)),
  customPolicies: optional(customPolicies),
  applications: optional(list(application)),
  accounts: optional(list(ACCOUNT)),
  identityProviders: optional(
    list(
      object({
        id: elementId(),
        name: optional(string()),
        issuer: optional(string()),
        domainHint: optional(string()),
      }),
    ),
  ),
  behavior: optional(behavior),
});

/** For editors: JSON Schema, draft 2020-12. */
export function configurationSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(CONFIGURATION, { io: 'input' });
  return { $schema, title: 'Configuration of the b2c-signin emulator', ...schema };
}

/** The schema as the text of a file. */
export const configurationSchemaText = (): string =>
  `${JSON.stringify(configurationSchema(), null, 2)}\n`;
