/** Renders the emulator's templates, which are read once per process. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { loadTemplates, toStaticFile } from '../../pages/templates.ts';
import { EMULATOR_TEMPLATES, fill } from './languages.ts';

export interface Renderer {
  /** Renders a template with the data that all templates use. */
  render(name: string, model: object): string;
}

/** A file that pages refer to. */
export interface Asset {
  contentType: string;
  body: Buffer;
}

const CONTENT_TYPES = {
  'emulator.css': 'text/css; charset=utf-8',
  'logo.svg': 'image/svg+xml',
  'submit.js': 'text/javascript; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
};

const templates = loadTemplates([EMULATOR_TEMPLATES]);

const JQUERY = 'jquery.min.js';
const jquery = readJquery();

/** The package is optional. */
export const HAS_JQUERY = jquery !== undefined;

const files = Object.entries({
  ...CONTENT_TYPES,
  ...(jquery ? { [JQUERY]: CONTENT_TYPES['page.js'] } : {}),
}).map(([fileName, contentType]) => {
  const isJquery = fileName === JQUERY && jquery;
  const { hashedName, body } = isJquery ? jquery : templates.asset(fileName);
  return { fileName, path: `/_emulator/assets/${hashedName}`, contentType, body };
});

function readJquery() {
  try {
    // From the folder of the templates, because this module is also part of a bundle in another folder.
    const { resolve } = createRequire(path.join(EMULATOR_TEMPLATES, 'layout.eta'));
    return toStaticFile(JQUERY, readFileSync(resolve(`jquery/dist/${JQUERY}`)));
  } catch {
    return undefined;
  }
}

/** By path. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map(
  files.map(({ path, contentType, body }) => [path, { contentType, body }]),
);

const paths = Object.fromEntries(files.map(({ fileName, path }) => [fileName, path]));

export const createRenderer = (tenantDomain: string): Renderer => ({
  render: (name, model) =>
    templates.render(name, {
      ...{ paths, tenantDomain, policyName: '', lang: 'en', direction: 'ltr', visible, fill },
      dateParts,
      ...model,
    }),
});

/**
 * The attributes that show or hide an element. They are inline because page objects read `style`, and
 * custom style sheets set `display` on classes.
 */
function visible(isVisible: boolean, display = 'block'): string {
  return isVisible
    ? `style="display: ${display}" aria-hidden="false"`
    : 'style="display: none" aria-hidden="true"';
}

const OLDEST_YEAR = 1900;

/** The drop-downs of a date: the first and the end of their numbers, and the chosen one. */
function dateParts(value: string) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(value) ?? [];
  const lastYear = new Date().getUTCFullYear() + 10;
  return [
    { part: 'day', from: 1, to: 32, value: Number(day) },
    { part: 'month', from: 1, to: 13, value: Number(month) },
    { part: 'year', from: lastYear, to: OLDEST_YEAR - 1, value: Number(year) },
  ];
}
