/** In what the address of a request differs from one that is registered; only their addresses. */
export function uriDifference(asked: string, registered: URL): string {
  const own = new URL(asked);
  const known = `${registered.origin}${registered.pathname}`;
  const text = `${own.origin}${own.pathname}`;
  return `${known} is registered, and differs in ${partsOf(own, registered, text === known).join(' and ')}`;
}

function partsOf(own: URL, registered: URL, isSame: boolean): string[] {
  if (isSame) return ['what stands behind the path'];
  const parts: [name: string, differs: boolean][] = [
    ['http or https', own.protocol !== registered.protocol],
    ['host', own.hostname !== registered.hostname],
    ['port', own.port !== registered.port],
    [pathPart(own.pathname, registered.pathname), own.pathname !== registered.pathname],
  ];
  return parts.flatMap(([name, differs]) => (differs ? [name] : []));
}

function pathPart(own: string, registered: string): string {
  if (own.toLowerCase() === registered.toLowerCase()) return 'letter case of the path';
  const bare = (path: string) => path.replace(/\/$/, '');
  return bare(own) === bare(registered) ? 'slash at the end' : 'path';
}
