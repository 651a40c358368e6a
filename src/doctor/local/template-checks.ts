import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../config/config.ts';
import { DEFAULT_SITE_NAME } from '../../config/site.ts';
import { BUILT_IN_TEMPLATES, loadTemplates } from '../../pages/templates.ts';
import { type Check, createReporter } from '../check.ts';

/** Checks that all templates compile, and that each file in the operator's folder is used and uses `site`. */
export function templateCheck({
  templates: folder,
  site,
}: Pick<Config, 'templates' | 'site'>): Check {
  const { ok, warn, fail } = createReporter('templates');
  const id = 'templates.files';
  try {
    loadTemplates(folder === undefined ? [BUILT_IN_TEMPLATES] : [BUILT_IN_TEMPLATES, folder]);
  } catch (error) {
    return fail(id, firstLine(error), {
      fix: 'Compare the file with the built-in one of the same name. The server does not start with this error.',
    });
  }
  if (folder === undefined) return ok(id, 'built-in templates');
  const builtIn = new Set(filesOf(BUILT_IN_TEMPLATES));
  const custom = filesOf(folder);
  const unused = custom.filter((name) => name.endsWith('.eta') && !builtIn.has(name));
  if (unused.length > 0) {
    return warn(id, `not used by any page: ${unused.join(', ')}`, {
      fix: `Rename or remove them. The templates are ${[...builtIn].filter((name) => name.endsWith('.eta')).join(', ')}.`,
    });
  }
  const hidden = findHiddenSettings(folder, { custom, site });
  if (hidden.length > 0) {
    return warn(id, `custom files do not show ${hidden.join(', ')}`, {
      fix: 'Compare layout.eta and style.css with the built-in files: docs/customize-pages.md#name-logo-and-color.',
    });
  }
  return ok(id, `${custom.length} custom files, all of which compile`);
}

/** The settings of `site` that a custom file, made from an older one, does not use. */
function findHiddenSettings(
  folder: string,
  { custom, site }: { custom: readonly string[]; site: Config['site'] },
): string[] {
  const uses: [setting: string, isSet: boolean, file: string, text: string][] = [
    ['site.name', site.name !== DEFAULT_SITE_NAME, 'layout.eta', 'site.name'],
    ['site.logo', site.logo !== undefined, 'layout.eta', 'paths.logo'],
    ['site.accentColor', site.accentColor !== undefined, 'style.css', 'var(--accent)'],
  ];
  return uses.flatMap(([setting, isSet, file, text]) =>
    isSet && custom.includes(file) && !readFileSync(path.join(folder, file), 'utf8').includes(text)
      ? [setting]
      : [],
  );
}

const firstLine = (error: unknown) => (error as Error).message.split('\n', 1)[0] ?? '';

const filesOf = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
