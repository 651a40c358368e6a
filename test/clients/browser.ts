import assert from 'node:assert/strict';
import { request } from 'undici';

/** A browser without scripts, for an application and its tenant. */
export interface Browser {
  /** The page it shows, or the JSON. */
  page: { url: URL; status: number; body: string };
  /** Every address since the start, redirects included. */
  visited: string[];
  open(url: string): Promise<void>;
  /** Clicks the link of that id. */
  follow(id: string): Promise<void>;
  /** Fills in fields by id and presses the button of that id. */
  press(buttonId: string, fields?: Record<string, string>): Promise<void>;
  /** Sends the form of the page, with these fields by name. */
  send(fields?: Record<string, string>): Promise<void>;
}

const MAX_REDIRECTS = 20;

export function createBrowser(): Browser {
  // By host name: a port does not make cookies different, also not in a real browser.
  const jar = new Map<string, Map<string, string>>();

  async function send(url: URL, form?: URLSearchParams): Promise<URL | undefined> {
    browser.visited.push(url.href);
    const cookies = jar.get(url.hostname) ?? new Map<string, string>();
    jar.set(url.hostname, cookies);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(url, {
      method: form ? 'POST' : 'GET',
      headers: {
        accept: 'text/html,*/*;q=0.8',
        ...(cookie ? { cookie } : {}),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...(form ? { origin: browser.page.url.origin } : {}),
      },
      ...(form ? { body: form.toString() } : {}),
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) keep(cookies, line);
    browser.page = { url, status: answer.statusCode, body: await answer.body.text() };
    const { location } = answer.headers;
    return location ? new URL(String(location), url) : undefined;
  }

  async function go(url: URL, form?: URLSearchParams): Promise<void> {
    let next = await send(url, form);
    for (let count = 0; next; count += 1) {
      assert.ok(count < MAX_REDIRECTS, `redirects without end: ${browser.visited.join('\n')}`);
      next = await send(next);
    }
    // Do what the script of a form_post response does.
    if (browser.page.body.includes('<form id="auto"')) await submit('auto', {});
  }

  async function submit(formId: string, more: Record<string, string>): Promise<void> {
    await sendForm(elementById(browser.page.body, formId), more);
  }

  async function sendForm(form: Record<string, string>, more: Record<string, string>) {
    const { url, body } = browser.page;
    await go(new URL(form['action'] ?? '', url), new URLSearchParams({ ...inputs(body), ...more }));
  }

  const browser: Browser = {
    page: { url: new URL('about:blank'), status: 0, body: '' },
    visited: [],
    open: (url) => go(new URL(url)),
    async follow(id) {
      const { url, body } = browser.page;
      await go(new URL(elementById(body, id)['href'] ?? '', url));
    },
    async press(buttonId, fields = {}) {
      const { body } = browser.page;
      const button = elementById(body, buttonId);
      const values: Record<string, string> = {};
      for (const [id, value] of Object.entries(fields)) {
        const input = elementById(body, id);
        assert.equal(input['disabled'], undefined, `${id} cannot be filled in`);
        values[input['name'] ?? ''] = value;
      }
      if (button['name']) values[button['name']] = button['value'] ?? '';
      await submit(/<form id="([^"]*)"/.exec(body)?.[1] ?? '', values);
    },
    async send(fields = {}) {
      const [tag] = /<form [^>]*>/.exec(browser.page.body) ?? [];
      assert.ok(tag, `no form: ${browser.page.body}`);
      await sendForm(attributesOf(tag), fields);
    },
  };
  return browser;
}

export const hasElement = (html: string, id: string): boolean => html.includes(` id="${id}"`);

/** The attributes of the element of that id. */
export function elementById(html: string, id: string): Record<string, string> {
  const [tag] = new RegExp(`<\\w+ (?:[^<>]* )?id="${id}"[^<>]*>`).exec(html) ?? [];
  assert.ok(tag, `no element has the id ${id}: ${html}`);
  return attributesOf(tag);
}

/** The fields that a form sends unchanged. */
function inputs(html: string): Record<string, string> {
  const tags = [...html.matchAll(/<input [^>]*>/g)].map(([tag]) => attributesOf(tag));
  const sent = tags.filter(({ name, disabled, type }) => {
    return name && disabled === undefined && type !== 'checkbox';
  });
  return Object.fromEntries(sent.map(({ name = '', value = '' }) => [name, value]));
}

function attributesOf(tag: string): Record<string, string> {
  const pairs = [...tag.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, unescaped(value)]));
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/; */);
  const split = pair.indexOf('=');
  const [name, value] = [pair.slice(0, split), pair.slice(split + 1)];
  const isOver = attributes.some((attribute) => {
    const [key = '', text = ''] = attribute.toLowerCase().split('=');
    return (
      (key === 'max-age' && Number(text) <= 0) ||
      (key === 'expires' && Date.parse(text) <= Date.now())
    );
  });
  if (isOver) cookies.delete(name);
  else cookies.set(name, value);
}
