import { settingTree } from './config-schema.ts';
import { convertForeignFormat } from './import-formats.ts';
import { referencesIn } from './resolve-references.ts';

/** Whether a configuration contains a secret itself, instead of naming a file or a variable. */
export const hasInlineSecret = (input: unknown): boolean =>
  [...referencesIn(settingTree, convertForeignFormat(input).value)].some(
    ({ kind, value }) => kind === 'secret' && typeof value === 'string',
  );
