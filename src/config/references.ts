import { z } from 'zod';

/**
 * The values that a setting can refer to: a secret or text is a string, `{ "env": NAME }` or `{ "file": PATH }`;
 * a file or folder is its path.
 */
export type ReferenceKind = 'secret' | 'text' | 'file' | 'secret-file' | 'folder';

/** Marks the schemas of settings whose value comes from somewhere else. */
export const references = z.registry<{ kind: ReferenceKind }>();
