/**
 * The value at a path such as `data[0].to[0].email`, or at a list of names. A name is first looked up
 * with case, then without. `a.0.b` is a path too.
 */
export function readPath(value: unknown, path: string | readonly string[]): unknown {
  const names = typeof path === 'string' ? (path.match(/[^.[\]]+/g) ?? []) : path;
  return names.reduce<unknown>((node, name) => {
    if (typeof node !== 'object' || node === null) return undefined;
    if (Object.hasOwn(node, name)) return (node as Record<string, unknown>)[name];
    return Object.entries(node).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }, value);
}
