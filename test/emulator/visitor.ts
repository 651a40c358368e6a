import assert from 'node:assert/strict';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { type Answer, type Browser, createBrowser } from '../support/browser.js';

/** A user of the hosted pages, in a browser without script. */
export interface Visitor {
  browser: Browser;
  /** The last response. */
  page: Answer;
  open(url: string): Promise<void>;
  /** Clicks a link, by ID. */
  follow(id: string): Promise<void>;
  /** Fills in fields and presses a button, all by ID. */
  press(buttonId: string, fields?: Record<string, string>): Promise<void>;
  /** The URL of the redirect to the application. */
  left(): URL;
}

export function visit(emulator: Emulator): Visitor {
  const browser = createBrowser(emulator.url);
  // Follows redirects within the tenant, but not to the application.
  const settle = async (answer: Answer): Promise<void> => {
    const inside = answer.location && new URL(answer.location, emulator.url).origin;
    visitor.page = answer;
    if (inside === emulator.url) await settle(await browser.get(answer.location));
  };
  const visitor: Visitor = {
    browser,
    page: { status: 0, headers: {}, location: '', setCookies: [], body: '' },
    open: async (url) => settle(await browser.get(url)),
    follow: async (id) => settle(await browser.get(elementById(visitor.page.body, id).href ?? '')),
    async press(buttonId, fields = {}) {
      const html = visitor.page.body;
      const [, action = ''] = /<form [^>]*action="([^"]*)"/.exec(html) ?? [];
      const form = { ...typed(html, fields) };
      const button = elementById(html, buttonId);
      if (button['name']) form[button['name']] = button['value'] ?? '';
      await settle(await browser.post(unescaped(action), form));
    },
    left() {
      assert.notEqual(visitor.page.location, '', `still on a page: ${visitor.page.body}`);
      return new URL(visitor.page.location);
    },
  };
  return visitor;
}

/** The attributes of an element, by ID. */
export function elementById(html: string, id: string): Record<string, string> {
  const [tag] = new RegExp(`<\\w+ (?:[^<>]* )?id="${id}"[^<>]*>`).exec(html) ?? [];
  assert.ok(tag, `no element has the ID ${id}`);
  return attributesOf(tag);
}

/** The text of an element, by ID. */
export function textOf(html: string, id: string): string {
  const start = html.indexOf(`id="${id}"`);
  const text = html.slice(html.indexOf('>', start) + 1);
  return text.slice(0, text.indexOf('<')).trim();
}

function typed(html: string, fields: Record<string, string>): Record<string, string> {
  const form: Record<string, string> = {};
  const left = new Set(Object.keys(fields));
  for (const [tag] of html.matchAll(/<input [^>]*>/g)) {
    const { id = '', name = '', value = '', type, disabled } = attributesOf(tag);
    const isBox = type === 'checkbox' || type === 'radio';
    if (isBox && fields[id] === undefined) continue;
    if (name && disabled === undefined) form[name] = fields[id] ?? value;
    if (disabled === undefined) left.delete(id);
  }
  for (const [, tag = '', options = ''] of html.matchAll(/(<select [^>]*>)([\s\S]*?)<\/select>/g)) {
    const { id = '', name = '' } = attributesOf(tag);
    const [, selected = ''] = /value="([^"]*)" selected/.exec(options) ?? [];
    form[name] = fields[id] ?? selected;
    left.delete(id);
  }
  assert.deepEqual([...left], [], 'fields that are missing or disabled');
  return form;
}

function attributesOf(tag: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of tag.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)) {
    attributes[name] = unescaped(value);
  }
  return attributes;
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Presses the button of an identity provider, which submits a separate form. */
export async function choose(visitor: Visitor, id: string): Promise<void> {
  const html = visitor.page.body;
  const { name = '', value = '', form } = elementById(html, id);
  const { action = '' } = elementById(html, String(form));
  const [, fields = ''] =
    new RegExp(`<form id="${form}"[^>]*>([\\s\\S]*?)</form>`).exec(html) ?? [];
  const query = new URLSearchParams({ [name]: value });
  for (const [, field = '', content = ''] of fields.matchAll(/name="([^"]*)" value="([^"]*)"/g)) {
    query.set(field, content);
  }
  await visitor.open(`${action}?${query}`);
}
