import type { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { type ClientKey, parseCertificate, parseClientKey } from './client-key.ts';
import { type PathIssue, reject } from './issues.ts';
import type { TenantKindName } from './tenant-kinds.ts';
import { isGuid, isUnresolved, publicText, secret, secretText } from './values.ts';

const CLIENT_ID = 'must be the application (client) ID';
const AUTH_METHODS = ['client_secret_post', 'client_secret_basic', 'private_key_jwt'] as const;

/** The methods that a kind of tenant accepts. */
export const authMethodsOf = (kind: TenantKindName): readonly string[] =>
  AUTH_METHODS.filter((method) => kind !== 'b2c' || method !== 'private_key_jwt');

/** The settings under `client`. */
export const clientSchema = z.strictObject({
  id: z
    .string({ error: CLIENT_ID })
    .min(1, { error: CLIENT_ID })
    .describe('Application (client) ID. A GUID, except for a `generic` tenant.'),
  secret: secret(1)
    .optional()
    .describe(
      'Client secret, docs/configuration.md#secrets. Required, except with `private_key_jwt`.',
    ),
  authMethod: z
    .enum(AUTH_METHODS, {
      error: 'must be "client_secret_post", "client_secret_basic" or "private_key_jwt"',
    })
    .default('client_secret_post')
    .describe(
      'How b2c-signin authenticates at the token endpoint: `client_secret_post`, ' +
        '`client_secret_basic`, or `private_key_jwt` (a signed assertion, not for `b2c`), ' +
        'docs/configuration.md#client-keys.',
    ),
  key: secretText('a private key')
    .transform((value, context): ClientKey => {
      const key = isUnresolved(value) ? z.NEVER : parseClientKey(value);
      return typeof key === 'string' ? reject(context, key) : key;
    })
    .optional()
    .describe(
      'For `private_key_jwt`: private key in PEM or JWK, `{ "file": PATH }` or `{ "env": NAME }`. ' +
        'RSA with 2048 bits or more, or EC on P-256, P-384 or P-521.',
    ),
  certificate: publicText('a certificate in PEM')
    .transform((value, context): X509Certificate => {
      const certificate = isUnresolved(value) ? z.NEVER : parseCertificate(value);
      return certificate ?? reject(context, 'must be a certificate in PEM');
    })
    .optional()
    .describe(
      'For `private_key_jwt`: certificate of `client.key` in PEM, `{ "file": PATH }` or ' +
        '`{ "env": NAME }`. Its thumbprint is sent as `x5t#S256`. Required for `external-id`.',
    ),
});

export type ClientSettings = z.output<typeof clientSchema>;

/** This application as a client of a tenant, with what it authenticates with. */
export type ClientConfig = { id: string } & (
  | { authMethod: 'client_secret_post' | 'client_secret_basic'; secret: string }
  | {
      authMethod: 'private_key_jwt';
      secret?: undefined;
      key: ClientKey;
      certificate?: X509Certificate | undefined;
    }
);

/** Finds the issues between the settings under `client`. Each setting may be of any type. */
export function* findClientIssues(
  client: Partial<ClientSettings>,
  kind: TenantKindName | undefined,
): Generator<PathIssue> {
  const { id, authMethod } = client;
  if (kind !== 'generic' && typeof id === 'string' && !isGuid(id)) {
    const problem = `${CLIENT_ID}, in the form 11111111-1111-1111-1111-111111111111`;
    yield { path: ['id'], problem };
  }
  const hasKey = authMethod === 'private_key_jwt';
  if (hasKey && kind === 'b2c') {
    const fix = 'Azure AD B2C accepts client secrets only: use "client_secret_post".';
    yield { path: ['authMethod'], problem: 'is not supported by tenants of kind "b2c"', fix };
    return;
  }
  const [needed, unused] = hasKey
    ? ([['key'], ['secret']] as const)
    : ([['secret'], ['key', 'certificate']] as const);
  for (const name of needed) {
    if (client[name] === undefined) yield missing(name);
  }
  for (const name of unused) {
    if (client[name] === undefined) continue;
    const problem = hasKey
      ? 'is not used with client.authMethod "private_key_jwt"'
      : 'is used only with client.authMethod "private_key_jwt"';
    yield { path: [name], problem, fix: 'Remove it.' };
  }
  if (hasKey) yield* findCertificateIssues(client, kind);
}

function* findCertificateIssues(
  { key, certificate }: Partial<ClientSettings>,
  kind: TenantKindName | undefined,
): Generator<PathIssue> {
  if (kind === 'external-id' && certificate === undefined) {
    const fix = 'Entra identifies the key by the certificate that is registered in the portal.';
    yield { path: ['certificate'], problem: 'is missing', fix, isMissing: true };
  }
  if (!isClientKey(key)) return;
  if (kind === 'external-id' && key.privateKey.asymmetricKeyType !== 'rsa') {
    yield { path: ['key'], problem: 'must be an RSA key for a tenant of kind "external-id"' };
  }
  if (isCertificate(certificate) && !certificate.checkPrivateKey(key.privateKey)) {
    yield { path: ['certificate'], problem: 'is the certificate of another key than client.key' };
  }
}

const missing = (name: 'key' | 'secret'): PathIssue => ({
  path: [name],
  problem: 'is missing',
  fix: 'It must be a string, { "env": NAME } or { "file": PATH }.',
  isMissing: true,
});

const isClientKey = (key: unknown): key is ClientKey =>
  typeof key === 'object' && key !== null && 'privateKey' in key;

const isCertificate = (certificate: unknown): certificate is X509Certificate =>
  typeof certificate === 'object' && certificate !== null && 'checkPrivateKey' in certificate;

/** Selects what the client authenticates with, from valid settings. */
export function toClientConfig(
  { id, authMethod, secret = '', key, certificate }: ClientSettings,
  kind: TenantKindName,
): ClientConfig {
  const clientId = kind === 'generic' ? id : id.toLowerCase();
  return authMethod === 'private_key_jwt' && key
    ? { id: clientId, authMethod, key, certificate }
    : { id: clientId, authMethod: secretMethod(authMethod), secret };
}

const secretMethod = (method: ClientSettings['authMethod']) =>
  method === 'client_secret_basic' ? method : 'client_secret_post';
