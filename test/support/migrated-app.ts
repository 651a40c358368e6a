/**
 * An example with the addresses of a test: each `from` becomes its `to`. All are replaced at once, since a
 * port that was put in may look like the next one to replace. Throws where a `from` does not stand in it.
 */
export function moved(example: string, places: readonly (readonly [from: string, to: string])[]) {
  const targets = new Map(places);
  for (const from of targets.keys()) {
    if (!example.includes(from)) throw new Error(`there is no ${from} in:\n${example}`);
  }
  const words = [...targets.keys()].map((from) => from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return example.replace(new RegExp(words.join('|'), 'g'), (from) => targets.get(from) ?? from);
}
