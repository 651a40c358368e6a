// Reads the HTML of our pages, whose attributes are all quoted. It is not a general parser.

const TAG = /<!?\/?[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const CHARACTERS: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

export const tagsOf = (html: string): string[] => html.match(TAG) ?? [];

export const textOf = (html: string): string => decode(html.replace(TAG, ''));

export const decode = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#39);/g, (reference) => CHARACTERS[reference] ?? reference);

/** Every URL on the page: of links, forms, images, style sheets and a refresh. */
export function addressesOf(html: string): string[] {
  const attribute = / (?:href|src|srcset|action|formaction|data|poster)="([^"]*)"|;url=([^"]*)"/g;
  return tagsOf(html).flatMap((tag) =>
    [...tag.matchAll(attribute)].map(([, address, refresh]) => decode(address ?? refresh ?? '')),
  );
}

/** The URL of the link with this text. */
export function linkTo(html: string, text: string): string | undefined {
  for (const [, href = '', content = ''] of html.matchAll(
    /<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs,
  )) {
    const [label = ''] = content.split('<small>');
    if (textOf(label).trim() === text) return decode(href);
  }
  return undefined;
}

/** Claim names and values as shown, in the order of the page, with a line for each value. */
export function claimsOf(html: string): [name: string, value: string][] {
  const row = /<th role="rowheader"[^>]*><bdi>(.*?)<\/bdi>.*?<td[^>]*>(.*?)<\/td>/gs;
  return [...html.matchAll(row)].map(([, name = '', value = '']) => [
    textOf(name),
    textOf(value.replaceAll('</div><div>', '\n')),
  ]);
}
