import { z } from 'zod';
import { references } from './references.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PATH = /^(\/[A-Za-z0-9._~-]+)+$/;
const CALLBACK_PATH = /^(?=\/)(\/[A-Za-z0-9._~-]+)*\/?$/;
const PLACEHOLDER = /^(…|\.{3})$/;

export const isGuid = (text: string) => GUID.test(text);

/** The address and port of a listener. */
export const listenShape = (port: number) => ({
  host: z.string({ error: 'must be an IP address or a host name' }).default('127.0.0.1'),
  port: z
    .int({ error: 'must be a port number' })
    .min(1, { error: 'must be 1 or more' })
    .max(65_535, { error: 'must be 65535 or less' })
    .default(port),
});

/** A path that is replaced by the content of the file before the schema sees it. */
export const file = () =>
  z.string({ error: 'must be the path of a file' }).register(references, { kind: 'file' });

/** A path like `file`, for a file that other users should not be able to read. */
export const secretFile = () =>
  z.string({ error: 'must be the path of a file' }).register(references, { kind: 'secret-file' });

/** A path that is replaced by the absolute path of the folder. */
export const folder = () =>
  z.string({ error: 'must be the path of a folder' }).register(references, { kind: 'folder' });

const reference = (meaning: string) =>
  z.union(
    [
      z.string(),
      z.strictObject({ env: z.string({ error: 'must be the name of an environment variable' }) }),
      z.strictObject({ file: z.string({ error: 'must be the path of a file' }) }),
    ],
    { error: `must be ${meaning}, { "env": NAME } or { "file": PATH }` },
  );

const UNRESOLVED = 'this value is never used: the configuration has an issue already';

/** Whether a text marks a reference that could not be replaced. */
export const isUnresolved = (text: string): boolean => text === UNRESOLVED;

/** A text of any form, or where to read it. */
const text = (meaning: string) =>
  reference(meaning).transform((value) => (typeof value === 'string' ? value : UNRESOLVED));

/**
 * A secret, or where to read it. `resolveReferences` replaces the two objects; one that it could
 * not replace is an issue already.
 */
export const secret = (minLength: number) =>
  text('a string')
    .refine((value) => value.length >= minLength, {
      error: `must have at least ${minLength} characters`,
    })
    .refine((value) => value === value.trim(), {
      error: 'must not begin or end with whitespace',
    })
    .refine((value) => !PLACEHOLDER.test(value), {
      error: 'is the placeholder of an example; replace it with the secret',
    })
    // JSON Schema's keyword for values that are accepted and never returned.
    .meta({ writeOnly: true })
    .register(references, { kind: 'secret' });

/** A secret whose form the caller checks. */
export const secretText = (meaning: string) =>
  text(meaning).meta({ writeOnly: true }).register(references, { kind: 'secret' });

/** A text that is not secret, or where to read it. */
export const publicText = (meaning: string) => text(meaning).register(references, { kind: 'text' });

export const minutes = (defaultValue: number) =>
  z
    .number({ error: 'must be a number of minutes' })
    .positive({ error: 'must be more than 0' })
    .max(525_600, { error: 'must be 525600 (a year) or less' })
    .default(defaultValue);

export const seconds = ({ min, defaultValue }: { min: number; defaultValue: number }) =>
  z
    .number({ error: 'must be a number of seconds' })
    .min(min, { error: `must be ${min} or more` })
    .max(600, { error: 'must be 600 or less' })
    .default(defaultValue);

export const guid = (meaning: string) =>
  z
    .string({ error: `must be ${meaning}` })
    .regex(GUID, { error: `must be ${meaning}, in the form 11111111-1111-1111-1111-111111111111` })
    .transform((id) => id.toLowerCase());

/** The path of a redirect URI, which may end in a slash. `findCallbackIssues` explains why it is not "/". */
export const callbackPath = (example: string) =>
  z
    .string({ error: 'must be a path' })
    .regex(CALLBACK_PATH, { error: `must be a path, such as "${example}"` });

export const path = (example: string) =>
  z
    .string({ error: 'must be a path' })
    .regex(PATH, { error: `must be a path, such as "${example}"` });

/** One scope (RFC 6749, 3.3). */
export const scope = z
  .string({ error: 'must be a scope' })
  .regex(/^[\u0021\u0023-\u005b\u005d-\u007e]+$/, { error: 'must be one scope without spaces' });
