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

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  'emulator.css': 'text/css; charset=utf-8',
  'dashboard.css': 'text/css; charset=utf-8',
  'dashboard.js': 'text/javascript; charset=utf-8',
  'logo.svg': 'image/svg+xml',
  'submit.js': 'text/javascript; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
};

const templates = loadTemplates([EMULATOR_TEMPLATES]);

/** Optional packages for the scripts of custom pages. Without them, the map lacks their file. */
const LIBRARIES = new Map(
  ['jquery', 'jquery-migrate'].flatMap((name) => {
    const fileName = `${name}.min.js`;
    try {
      // From the folder of the templates, because this module is also part of a bundle in another folder.
      const { resolve } = createRequire(path.join(EMULATOR_TEMPLATES, 'layout.eta'));
      return [
        [fileName, toStaticFile(fileName, readFileSync(resolve(`${name}/dist/${fileName}`)))],
      ];
    } catch {
      return [];
    }
  }),
);

const files = [
  ...Object.keys(CONTENT_TYPES).map((fileName) => [fileName, templates.asset(fileName)] as const),
  ...LIBRARIES,
].map(([fileName, { hashedName, body }]) => ({
  ...{ fileName, body, path: `/_emulator/assets/${hashedName}` },
  contentType: CONTENT_TYPES[fileName] ?? 'text/javascript; charset=utf-8',
}));

/** By path. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map(
  files.map(({ path, contentType, body }) => [path, { contentType, body }]),
);

const paths: Readonly<Record<string, string>> = Object.fromEntries(
  files.map(({ fileName, path }) => [fileName, path]),
);

/**
 * URLs of what B2C loads before the scripts of a custom page. Page layouts below 1.2.0 have jQuery 1.12.4,
 * which has vulnerabilities: jQuery 3 with the removed functions stands for it.
 */
export function scriptLibraries(layoutVersion = ''): string[] {
  const isOld = /^(0|1\.[01])(\.|$)/.test(layoutVersion);
  const names = ['jquery.min.js', ...(isOld ? ['jquery-migrate.min.js'] : [])];
  return names.flatMap((name) => paths[name] ?? []);
}

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
