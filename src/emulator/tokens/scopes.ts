import type { Application } from '../definition/application.ts';
import type { GrantedScope, Resource } from '../state/grants.ts';
import { B2cError } from './b2c-error.ts';

// B2C ignores these two scopes, which OpenID libraries always send.
const IGNORED = new Set(['profile', 'email']);
// RFC 6749, 3.3
const SCOPE_CHARACTERS = /^[\x21\x23-\x5b\x5d-\x7e ]*$/;

/** @throws B2cError for an unknown scope or more than one resource */
export function parseScope(
  scope: string,
  client: Application,
  applications: readonly Application[],
): GrantedScope {
  if (!SCOPE_CHARACTERS.test(scope)) throw new B2cError('AADB2C99005', { scope });
  const granted: GrantedScope = { openid: false, offlineAccess: false };
  const refused: string[] = [];
  for (const name of scope.split(' ').filter((part) => part !== '')) {
    if (name === 'openid') granted.openid = true;
    else if (name === 'offline_access') granted.offlineAccess = true;
    else if (!IGNORED.has(name)) {
      const resource = resourceOf(name, client, applications);
      // Scopes without permission are dropped. If no resource remains, the request fails.
      if (isPermitted(name, client)) addResource(granted, resource, scope);
      else refused.push(name);
    }
  }
  if (!granted.resource && refused.length > 0) {
    throw new B2cError('AADB2C90205', { clientId: client.id, scope: refused.join(' ') });
  }
  return granted;
}

function isPermitted(scope: string, { id, permissions }: Application): boolean {
  return !permissions || permissions.includes(scope) || scope.toLowerCase() === id.toLowerCase();
}

function resourceOf(
  name: string,
  client: Application,
  applications: readonly Application[],
): Resource {
  if (name.toLowerCase() === client.id.toLowerCase()) {
    return { audience: client.id, scopes: [name], shortNames: [] };
  }
  for (const { id, api } of applications) {
    const shortName = api && name.startsWith(`${api.uri}/`) ? name.slice(api.uri.length + 1) : '';
    if (api?.scopes.includes(shortName)) {
      return { audience: id, scopes: [name], shortNames: [shortName] };
    }
  }
  throw new B2cError('AADB2C90117', { scope: name });
}

function addResource(granted: GrantedScope, resource: Resource, scope: string): void {
  const known = granted.resource;
  if (known && known.audience !== resource.audience) throw new B2cError('AADB2C90146', { scope });
  granted.resource = {
    audience: resource.audience,
    scopes: [...new Set([...(known?.scopes ?? []), ...resource.scopes])],
    shortNames: [...new Set([...(known?.shortNames ?? []), ...resource.shortNames])],
  };
}

/** A token request can only narrow the granted scope. */
export function narrowScope(granted: GrantedScope, requested: GrantedScope): GrantedScope {
  const narrowed: GrantedScope = {
    openid: granted.openid && requested.openid,
    offlineAccess: granted.offlineAccess && requested.offlineAccess,
  };
  const { resource } = granted;
  const scopes = resource?.scopes.filter((name) => requested.resource?.scopes.includes(name)) ?? [];
  if (!resource || scopes.length === 0) return narrowed;
  const isKept = (shortName: string) => scopes.some((scope) => scope.endsWith(`/${shortName}`));
  const shortNames = resource.shortNames.filter(isKept);
  return { ...narrowed, resource: { audience: resource.audience, scopes, shortNames } };
}

/** A refresh can also request another resource that the application has permission for. */
export function refreshedScope(granted: GrantedScope, requested: GrantedScope): GrantedScope {
  const isAnother =
    requested.resource && requested.resource.audience !== granted.resource?.audience;
  const { openid, offlineAccess } = narrowScope(granted, requested);
  return isAnother ? { ...requested, openid, offlineAccess } : narrowScope(granted, requested);
}

/** The `scope` of a token response. Its order differs from the request. */
export function scopeText({ openid, offlineAccess, resource }: GrantedScope): string {
  return [
    ...(resource?.scopes ?? []),
    ...(offlineAccess ? ['offline_access'] : []),
    ...(openid ? ['openid'] : []),
  ].join(' ');
}
