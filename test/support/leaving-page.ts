/** Where the page that follows signing out leads: the provider's end-session endpoint. */
export function endSessionAddressIn(body: string): URL {
  const href = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(body)?.[1] ?? '';
  return new URL(href.replaceAll('&amp;', '&'));
}
