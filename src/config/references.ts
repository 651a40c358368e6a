import { z } from 'zod';

/**
 * The values that a setting can refer to: a secret or text is a string, `{ "env": NAME }` or `{ "file": PATH }`;
 * a file or folder is its path; an image is the path of its file.
 */
export type ReferenceKind = 'secret' | 'text' | 'file' | 'secret-file' | 'folder' | 'image';

/** The beginning of an image that has been read: its bytes follow in Base64. */
export const BASE64 = 'base64,';

/** Marks the schemas of settings whose value comes from somewhere else. */
export const references = z.registry<{ kind: ReferenceKind }>();
