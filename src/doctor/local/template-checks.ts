import { readdirSync } from 'node:fs';
import { BUILT_IN_TEMPLATES, loadTemplates } from '../../pages/templates.ts';
import { type Check, createReporter } from '../check.ts';

/** Checks that all templates compile, and that each file in the operator's folder is used. */
export function templateCheck(folder: string | undefined): Check {
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
  return ok(id, `${custom.length} custom files, all of which compile`);
}

const firstLine = (error: unknown) => (error as Error).message.split('\n', 1)[0] ?? '';

const filesOf = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
