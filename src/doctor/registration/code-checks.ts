import type { CheckId } from '../catalogue.ts';

/** Which check a code of the provider belongs to; what is not here is told as it is. */
const CHECK_OF_CODE: Record<string, CheckId> = {
  AADB2C90006: 'redirect-uri.registered',
  AADB2C90007: 'redirect-uri.registered',
  AADB2C90287: 'redirect-uri.registered',
  AADSTS50011: 'redirect-uri.registered',
  AADB2C90018: 'client.id',
  AADB2C90068: 'client.id',
  AADB2C90092: 'client.id',
  AADSTS700016: 'client.id',
  AADSTS7000112: 'client.id',
  AADB2C90057: 'client.type',
  AADB2C90084: 'client.type',
  AADB2C99059: 'client.type',
  AADSTS700054: 'client.type',
  AADB2C90079: 'client.secret',
  AADB2C90081: 'client.secret',
  AADSTS7000215: 'client.secret',
  AADSTS7000218: 'client.secret',
  AADSTS7000222: 'client.secret',
  AADB2C90010: 'scopes.granted',
  AADB2C90055: 'scopes.granted',
  AADB2C90117: 'scopes.granted',
  AADB2C90146: 'scopes.granted',
  AADB2C90205: 'scopes.granted',
  AADB2C99005: 'scopes.granted',
  AADSTS28000: 'scopes.granted',
  AADSTS65001: 'scopes.granted',
  AADSTS70011: 'scopes.granted',
};

/** The check that a refusal of the provider belongs to. */
export const checkOf = (code: string | undefined): CheckId | undefined =>
  code !== undefined && Object.hasOwn(CHECK_OF_CODE, code) ? CHECK_OF_CODE[code] : undefined;
