/** What the tenant is made to look like: in what Entra External ID differs from B2C on the wire. */
import { createHash, randomUUID } from 'node:crypto';
import { type B2cErrorCode, b2cErrorText, errorStamp } from '../protocol/b2c-error.ts';
import { buildIssuer } from '../tokens/issuer.ts';
import type { Claims } from '../tokens/jwt.ts';
import { personClaims } from '../tokens/person-claims.ts';
import type { Account } from './accounts.ts';
import type { Policy } from './policy.ts';
import type { Tenant } from './tenant.ts';

export type ShapeName = 'b2c' | 'external-id';

export interface Shape {
  /** Policies stand in addresses; else there is one, which stands nowhere. */
  hasPolicies: boolean;
  /** What is in front of the endpoints of a policy. */
  pathOf(tenant: Tenant, policy: Policy): string;
  version: string;
  issuer(origin: string, tenant: Tenant, policy: Pick<Policy, 'name' | 'issuer'>): string;
  /** About the person. */
  personClaims(account: Account, policy: Policy, tenant: Tenant): Claims;
  /** Which policy ran. */
  policyClaim(policy: Policy): Claims;
  tellsAuthTime: boolean;
  scopesSupported: string[];
  /** Besides those about the person and the token. */
  claimsSupported(policy: Policy): string[];
  /** Of the access token when the scope names no API; without one there is no such token. */
  usualAudience: string | undefined;
  /** Number and sentence. */
  errorMessage(message: string): string;
  /** The same with what support asks for. */
  errorText(message: string, now: number): string;
}

const AZURE_AD_B2C: Shape = {
  hasPolicies: true,
  pathOf: ({ domain }, { name }) => `/${domain}/${name}`,
  version: '1.0',
  issuer: buildIssuer,
  personClaims,
  // `tfp` in the registered spelling; the older `acr` of custom policies in lower case.
  policyClaim: ({ name, custom }) => (custom ? { acr: name.toLowerCase() } : { tfp: name }),
  tellsAuthTime: true,
  scopesSupported: ['openid'],
  claimsSupported: ({ custom }) =>
    custom ? ['email', 'sub', 'tid'] : ['emails', 'newUser', 'oid', 'sub', 'tfp'],
  usualAudience: undefined,
  errorMessage: (message) => message,
  errorText: b2cErrorText,
};

const EXTERNAL_ID: Shape = {
  hasPolicies: false,
  pathOf: ({ id }) => `/${id}`,
  version: '2.0',
  // The issuer's host is another one than that of the metadata, and there is no slash at the end.
  issuer: (origin, { id }) => `${otherLoopbackName(origin)}/${id}/v2.0`,
  personClaims(account, policy, tenant) {
    const { emails: _, ...person } = personClaims(account, policy, tenant);
    return {
      ...person,
      // Not the object id, as everywhere in Microsoft Entra.
      sub: createHash('sha256').update(`${tenant.id} ${account.oid}`).digest('base64url'),
      email: account.email,
      preferred_username: account.email,
      tid: tenant.id,
    };
  },
  policyClaim: () => ({}),
  tellsAuthTime: false,
  scopesSupported: ['openid', 'profile', 'email', 'offline_access'],
  claimsSupported: () => ['email', 'preferred_username', 'oid', 'sub', 'tid'],
  // Microsoft Graph
  usualAudience: '00000003-0000-0000-c000-000000000000',
  errorMessage: entraMessage,
  errorText(message, now) {
    const { correlationId, timestamp } = errorStamp(now);
    const ids = `Trace ID: ${randomUUID()} Correlation ID: ${correlationId}`;
    return `${entraMessage(message)} ${ids} Timestamp: ${timestamp}`;
  },
};

export const shapeOf = ({ shape }: Tenant): Shape => SHAPES[shape];

/** What an application is told to sign in at. */
export const authorityOf = (url: string, tenant: Tenant): string =>
  shapeOf(tenant).hasPolicies ? `${url}/${tenant.domain}` : url;

/** The issuer of a policy's tokens, for whoever reaches the tenant at `origin`. */
export const issuerOf = (
  origin: string,
  tenant: Tenant,
  policy: Pick<Policy, 'name' | 'issuer'>,
): string => shapeOf(tenant).issuer(origin, tenant, policy);

const SHAPES: Record<ShapeName, Shape> = { b2c: AZURE_AD_B2C, 'external-id': EXTERNAL_ID };

/** The same server under its other name, which is another origin; a server elsewhere has one. */
function otherLoopbackName(origin: string): string {
  if (origin.includes('//127.0.0.1')) return origin.replace('//127.0.0.1', '//localhost');
  return origin.replace('//localhost', '//127.0.0.1');
}

function entraMessage(message: string): string {
  const [code = '', sentence = ''] = message.split(/: (.*)/s);
  return `${ENTRA_NUMBERS[code as B2cErrorCode] ?? 'AADSTS50000'}: ${sentence}`;
}

// What Microsoft Entra calls the same mistakes; the rest is AADSTS50000, which says nothing.
const ENTRA_NUMBERS: Partial<Record<B2cErrorCode, string>> = {
  AADB2C90006: 'AADSTS50011',
  AADB2C90008: 'AADSTS900144',
  AADB2C90010: 'AADSTS900144',
  AADB2C90013: 'AADSTS700054',
  AADB2C90018: 'AADSTS700016',
  AADB2C90077: 'AADSTS50058',
  AADB2C90079: 'AADSTS7000218',
  AADB2C90080: 'AADSTS70008',
  AADB2C90081: 'AADSTS7000215',
  AADB2C90083: 'AADSTS900144',
  AADB2C90085: 'AADSTS9002313',
  AADB2C90086: 'AADSTS70003',
  AADB2C90091: 'AADSTS65004',
  AADB2C90117: 'AADSTS70011',
  AADB2C90128: 'AADSTS50034',
  AADB2C90129: 'AADSTS50173',
  AADB2C90146: 'AADSTS28000',
  AADB2C90182: 'AADSTS501481',
  AADB2C90183: 'AADSTS501481',
  AADB2C90205: 'AADSTS65001',
  AADB2C90244: 'AADSTS90055',
};
