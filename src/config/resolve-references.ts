import type { PathIssue } from './issues.ts';
import { BASE64, type ReferenceKind } from './references.ts';
import { childNode, type SettingNode } from './setting-tree.ts';

/** Reads environment variables and files for the parser, which has no access to the system itself. */
export interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>;
  /**
   * Returns the text of a file, or its bytes in Base64. A relative path starts at the configuration file.
   * Throws if the file is unreadable. A `secret` file should not be readable by other users.
   */
  readFile: (path: string, options: { secret: boolean; encoding?: FileEncoding }) => string;
  /** Returns the absolute path for a path that starts at the configuration file. */
  resolvePath: (path: string) => string;
  /** Whether an absolute path is a folder. */
  isFolder: (path: string) => boolean;
}

export type FileEncoding = 'utf8' | 'base64';

// Stricter than what a system allows: the name is repeated in an issue, and may be a secret that was
// put in the wrong place.
const VARIABLE_NAME = /^[A-Z_][A-Z0-9_]*$/;

/** Replaces `{ "env" }`, `{ "file" }` and paths of files by the values they refer to. */
export function resolveReferences(
  input: unknown,
  tree: SettingNode,
  sources: ConfigSources,
): { value: unknown; issues: PathIssue[] } {
  const issues: PathIssue[] = [];
  let value = input;
  for (const { path, ...reference } of referencesIn(tree, input)) {
    const resolved = resolve(reference, sources);
    if (typeof resolved === 'string') value = withValueAt(value, path, resolved);
    else if (resolved) issues.push({ ...resolved, path: [...path, ...resolved.path] });
  }
  return { value, issues };
}

interface Reference {
  kind: ReferenceKind;
  value: unknown;
}

/** Finds the settings with references. */
export function* referencesIn(
  node: SettingNode,
  value: unknown,
  path: readonly string[] = [],
): Generator<Reference & { path: readonly string[] }> {
  if (node.reference) {
    yield { path, kind: node.reference, value };
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  // Each alternative: the setting that selects one may be misspelled.
  for (const alternative of node.oneOf ?? []) yield* referencesIn(alternative, value, path);
  for (const [name, inner] of Object.entries(value)) {
    const child = childNode(node, name);
    if (child) yield* referencesIn(child, inner, [...path, name]);
  }
}

/** Returns the value, an issue with the path inside of the setting, or nothing if the schema decides. */
function resolve(
  { kind, value }: Reference,
  sources: ConfigSources,
): string | PathIssue | undefined {
  if (kind === 'secret' || kind === 'text') {
    return resolveObject(value, sources, { secret: kind === 'secret' });
  }
  if (typeof value !== 'string') return undefined;
  if (kind === 'folder') {
    const folder = sources.resolvePath(value);
    return sources.isFolder(folder) ? folder : { path: [], problem: 'is not a folder' };
  }
  if (kind === 'image') {
    const bytes = readFile(value, sources, { secret: false, encoding: 'base64' });
    return typeof bytes === 'string' ? BASE64 + bytes : bytes;
  }
  return readFile(value, sources, { secret: kind === 'secret-file' });
}

function resolveObject(
  value: unknown,
  { env, ...sources }: ConfigSources,
  options: { secret: boolean },
): string | PathIssue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [[source, name] = [], ...others] = Object.entries(value);
  if (typeof name !== 'string' || others.length > 0) return undefined;
  if (source === 'file') {
    const text = readFile(name, { env, ...sources }, options);
    return typeof text === 'string' ? text : { ...text, path: ['file'] };
  }
  if (source !== 'env') return undefined;
  const text = Object.hasOwn(env, name) && env[name];
  return text || { path: ['env'], ...missingVariable(name) };
}

const missingVariable = (name: string) =>
  VARIABLE_NAME.test(name)
    ? {
        problem: `the environment variable ${name} is not set`,
        fix: 'Set it in the environment of the server.',
      }
    : {
        problem: 'must be the name of an environment variable that is set, such as "CLIENT_SECRET"',
        fix: 'The value is not repeated here, because it may be the secret itself.',
      };

function readFile(
  path: string,
  { readFile: read }: ConfigSources,
  options: { secret: boolean; encoding?: FileEncoding },
): string | PathIssue {
  try {
    return read(path, options).replace(/\r?\n$/, '');
  } catch {
    return { path: [], problem: 'names a file that cannot be read' };
  }
}

/** A copy in which the value at a path is another one. */
export function withValueAt(
  target: unknown,
  [name, ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (name === undefined) return value;
  const isContainer = typeof target === 'object' && target !== null;
  const copy = Array.isArray(target) ? [...target] : { ...(isContainer ? target : {}) };
  const inner = Object.hasOwn(copy, name) ? (copy as Record<string, unknown>)[name] : undefined;
  // As an own property whatever its name is: an assignment to `__proto__` would set the prototype.
  return Object.defineProperty(copy, name, {
    value: withValueAt(inner, rest, value),
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
