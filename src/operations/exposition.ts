import type { Distribution, Family, Series, Snapshot } from './family.ts';

// The text exposition format of Prometheus, 0.0.4:
// https://prometheus.io/docs/instrumenting/exposition_formats/

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Formats the metrics of several processes as one text. */
export function formatExposition(snapshots: readonly Snapshot[]): string {
  return mergeSnapshots(snapshots).map(formatFamily).join('');
}

/** Merges the metrics of several processes. */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const families = new Map<string, { family: Family; series: Map<string, Series> }>();
  for (const family of snapshots.flat()) {
    const { name } = family;
    const known = families.get(name) ?? { family, series: new Map<string, Series>() };
    families.set(name, known);
    for (const { labels, value } of family.series) {
      const key = JSON.stringify(labels);
      const previous = known.series.get(key)?.value;
      known.series.set(key, { labels, value: mergeValues(previous, value, family.merge) });
    }
  }
  return [...families.values()].map(({ family, series }) => ({
    ...family,
    series: [...series.values()],
  }));
}

/** Returns what remains of a process that has exited: counters, which must never decrease, and no gauges. */
export const selectCounters = (snapshot: Snapshot): Snapshot =>
  snapshot.filter(({ type }) => type !== 'gauge');

function mergeValues(
  previous: Series['value'] | undefined,
  value: Series['value'],
  merge: Family['merge'] = 'sum',
): Series['value'] {
  if (previous === undefined) return value;
  if (typeof value === 'number' || typeof previous === 'number') {
    const both = [Number(previous), Number(value)] as const;
    return merge === 'sum' ? both[0] + both[1] : Math[merge](...both);
  }
  const counts = value.counts.map((count, index) => count + (previous.counts[index] ?? 0));
  return { bounds: value.bounds, counts, sum: value.sum + previous.sum };
}

function formatFamily({ name, help, type, series }: Family): string {
  const samples = series.flatMap(({ labels, value }) =>
    typeof value === 'number'
      ? [sample(name, labels, value)]
      : distributionSamples(name, labels, value),
  );
  const header = `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} ${type}\n`;
  return header + samples.join('');
}

function distributionSamples(
  name: string,
  labels: Series['labels'],
  { bounds, counts, sum }: Distribution,
): string[] {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    const le = index < bounds.length ? String(bounds[index]) : '+Inf';
    return sample(`${name}_bucket`, { ...labels, le }, total);
  });
  return [...buckets, sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, total)];
}

function sample(name: string, labels: Series['labels'], value: number): string {
  const pairs = Object.entries(labels).map(
    ([label, text]) => `${label}="${text.replace(/[\\\n"]/g, escaped)}"`,
  );
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
}

const escaped = (character: string) => (character === '\n' ? '\\n' : `\\${character}`);
