import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import * as openid from 'openid-client';
import type { ClientConfig } from '../config/client.ts';
import type { Tenant } from './tenant-kind.ts';

interface AssertionOptions {
  clientAssertion: Tenant['clientAssertion'];
  /** The wall clock. */
  now: () => number;
}

type KeyClient = Extract<ClientConfig, { authMethod: 'private_key_jwt' }>;

/** Returns how the library authenticates this client at the token endpoint. */
export function createClientAuthentication(
  client: ClientConfig,
  options: AssertionOptions,
): openid.ClientAuth {
  if (client.authMethod === 'private_key_jwt') return assertionAuth(client, options);
  const toAuth = {
    client_secret_basic: openid.ClientSecretBasic,
    client_secret_post: openid.ClientSecretPost,
  };
  return toAuth[client.authMethod](client.secret);
}

// Like the library's own assertions. It is used once, immediately.
const LIFETIME_SECONDS = 60;

/**
 * Client assertions (OpenID Connect Core 9, RFC 7523). Not those of the library: it takes Web Crypto keys, which
 * are bound to one algorithm, before it is known which one the provider accepts.
 */
function assertionAuth(
  { id, key, certificate }: KeyClient,
  { clientAssertion: { audience, rsaAlgorithm }, now }: AssertionOptions,
): openid.ClientAuth {
  const thumbprint = certificate && thumbprintOf(certificate.fingerprint256);
  const sign = async (server: openid.ServerMetadata) => {
    const nowSeconds = Math.floor(now() / 1000);
    return new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({
        alg: chooseAlgorithm([rsaAlgorithm, ...key.algorithms], key.algorithms, server),
        typ: 'JWT',
        ...(key.keyId === undefined ? {} : { kid: key.keyId }),
        ...(thumbprint === undefined ? {} : { 'x5t#S256': thumbprint }),
      })
      .setIssuer(id)
      .setSubject(id)
      .setAudience(String(server[audience]))
      .setIssuedAt(nowSeconds)
      .setNotBefore(nowSeconds)
      .setExpirationTime(nowSeconds + LIFETIME_SECONDS)
      .sign(key.privateKey);
  };
  // The library waits for the promise, although its type does not say so.
  return async (server, _client, body) => {
    body.set('client_id', id);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', await sign(server));
  };
}

/** The `x5t#S256` of a certificate (RFC 7515, 4.1.8). */
const thumbprintOf = (fingerprint256: string) =>
  Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

/** The first algorithm of the key that the provider lists; without a list, the first one of the key. */
function chooseAlgorithm(
  byPreference: readonly string[],
  possible: readonly string[],
  { token_endpoint_auth_signing_alg_values_supported: listed }: openid.ServerMetadata,
): string {
  const usable = byPreference.filter((name) => possible.includes(name));
  const [first = 'RS256'] = usable;
  return usable.find((name) => Array.isArray(listed) && listed.includes(name)) ?? first;
}
