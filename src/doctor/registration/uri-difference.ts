/** Explains how a requested redirect URI differs from a registered one, without their queries. */
export function uriDifference(requested: string, registered: URL): string {
  const url = new URL(requested);
  const registeredUri = `${registered.origin}${registered.pathname}`;
  const isSame = `${url.origin}${url.pathname}` === registeredUri;
  return `${registeredUri} is registered, which differs in ${differences(url, registered, isSame).join(' and ')}`;
}

function differences(url: URL, registered: URL, isSame: boolean): string[] {
  if (isSame) return ['query or fragment'];
  const parts: [name: string, differs: boolean][] = [
    ['http or https', url.protocol !== registered.protocol],
    ['host', url.hostname !== registered.hostname],
    ['port', url.port !== registered.port],
    [pathPart(url.pathname, registered.pathname), url.pathname !== registered.pathname],
  ];
  return parts.flatMap(([name, differs]) => (differs ? [name] : []));
}

function pathPart(path: string, registered: string): string {
  if (path.toLowerCase() === registered.toLowerCase()) return 'upper and lower case of the path';
  const withoutSlash = (text: string) => text.replace(/\/$/, '');
  return withoutSlash(path) === withoutSlash(registered) ? 'trailing slash' : 'path';
}
