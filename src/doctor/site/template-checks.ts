import { readdirSync } from 'node:fs';
import { BUILT_IN_TEMPLATES, loadTemplates } from '../../pages/templates.ts';
import { type Check, checksAbout } from '../check.ts';

/** Whether the templates compile, and those of the operator's folder are ones that are used. */
export function templateCheck(folder: string | undefined): Check {
  const { ok, warn, mend } = checksAbout('templates');
  const id = 'templates.files';
  try {
    loadTemplates(folder === undefined ? [BUILT_IN_TEMPLATES] : [BUILT_IN_TEMPLATES, folder]);
  } catch (error) {
    return mend(id, firstLine(error), {
      mend: 'Compare the file with the built-in one of the same name; the server does not start with it.',
    });
  }
  if (folder === undefined) return ok(id, 'the built-in ones');
  const builtIn = new Set(filesOf(BUILT_IN_TEMPLATES));
  const own = filesOf(folder);
  const strange = own.filter((name) => name.endsWith('.eta') && !builtIn.has(name));
  if (strange.length > 0) {
    return warn(id, `no page uses ${strange.join(', ')}`, {
      mend: `The names of templates are ${[...builtIn].filter((name) => name.endsWith('.eta')).join(', ')}.`,
    });
  }
  return ok(id, `${own.length} files of your own, and they compile`);
}

const firstLine = (error: unknown) => (error as Error).message.split('\n', 1)[0] ?? '';

const filesOf = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
