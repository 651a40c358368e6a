/** Custom pages: an HTML document with a `<div id="api">`, which gets the content of the page. */
import { readFile } from 'node:fs/promises';
import { isLoopbackUrl } from '../definition/loopback.ts';
import { B2cError } from '../tokens/b2c-error.ts';

const MAX_CHARACTERS = 1_000_000;

export interface CustomPage {
  /** File or URL, for error messages. */
  source: string;
  text: string;
}

/** Reads the document again for every page, so that changes are visible immediately. */
export async function readPageContent(
  content: string,
  language: string,
  parameters: Iterable<readonly [name: string, value: string]> = [],
): Promise<CustomPage> {
  const source = content.replaceAll('{Culture:RFC5646}', language);
  try {
    if (!/^https?:/i.test(source)) return { source, text: await readFile(source, 'utf8') };
    if (!isLoopbackUrl(source)) throw new Error('not on this computer');
    const url = new URL(source);
    url.searchParams.set('ui_locales', language);
    for (const [name, value] of parameters) url.searchParams.set(name, value);
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return { source, text: (await response.text()).slice(0, MAX_CHARACTERS) };
  } catch (error) {
    const reason = (error as Error).message;
    throw new B2cError('AADB2C90047', { content: source, reason });
  }
}
