/** The metrics of one process: plain data, which can be sent to another process as JSON. */
export type Snapshot = readonly Family[];

/** A metric with all its label values. */
export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  /** How gauges of several processes are merged. Other metrics are summed. */
  merge?: 'sum' | 'max' | 'min';
  series: Series[];
}

export interface Series {
  labels: Record<string, string>;
  value: number | Distribution;
}

/** The number of values up to each of `bounds`, and above the last one; not cumulative. */
export interface Distribution {
  bounds: readonly number[];
  counts: number[];
  sum: number;
}

export interface Label {
  /** Values that exist from the start with 0: a rate cannot be computed for a series that starts at 1. */
  known?: readonly string[];
  /** The pattern of additional values. */
  pattern?: RegExp;
}

/** The name, help text and label rules of a metric. */
export interface MetricDefinition {
  name: string;
  help: string;
  labels?: Readonly<Record<string, Label>>;
}

export interface Counter {
  add(...values: (string | undefined)[]): void;
  family(): Family;
}

export interface Histogram {
  observe(value: number, ...labels: (string | undefined)[]): void;
  family(): Family;
}

// Label cardinality is limited: after this number of values, new ones are counted as "other".
const MAX_VALUES = 100;
const USUAL_VALUE = /^[\w./-]{1,64}$/;
// Separates label values: no label pattern matches it.
const LABEL_SEPARATOR = '\n';

/** Counts by label values, which are passed in the order of the labels. */
export function createCounter(about: MetricDefinition): Counter {
  const { seriesOf, family } = createSeries(about, () => ({ value: 0 }));
  return {
    add(...values) {
      seriesOf(values).value += 1;
    },
    family: () => ({ ...family(), type: 'counter' }),
  };
}

/** Counts sizes or durations in buckets, in base units. */
export function createHistogram(
  about: MetricDefinition & { bounds: readonly number[] },
): Histogram {
  const { bounds } = about;
  const { seriesOf, family } = createSeries(about, () => ({
    value: { bounds, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 },
  }));
  return {
    observe(value, ...labels) {
      const distribution = seriesOf(labels).value;
      const found = bounds.findIndex((bound) => value <= bound);
      const index = found === -1 ? bounds.length : found;
      distribution.counts[index] = (distribution.counts[index] ?? 0) + 1;
      distribution.sum += value;
    },
    family: () => ({ ...family(), type: 'histogram' }),
  };
}

function createSeries<Own extends { value: number | Distribution }>(
  { name, help, labels = {} }: MetricDefinition,
  createOwn: () => Own,
) {
  const names = Object.keys(labels);
  const rules = Object.values(labels).map(createRule);
  const series = new Map<string, { labels: Record<string, string>; own: Own }>();
  const seriesOf = (given: readonly (string | undefined)[]): Own => {
    // Most combinations are known, and need no check.
    const known = series.get(given.length === 1 ? (given[0] ?? '') : given.join(LABEL_SEPARATOR));
    if (known) return known.own;
    const values = rules.map((rule, index) => rule(given[index]));
    const key = values.join(LABEL_SEPARATOR);
    const found = series.get(key);
    if (found) return found.own;
    const own = createOwn();
    const pairs = names.map((label, index) => [label, values[index] ?? ''] as const);
    series.set(key, { labels: Object.fromEntries(pairs), own });
    return own;
  };
  for (const values of combinations(Object.values(labels))) seriesOf(values);
  const family = (): Omit<Family, 'type'> => ({
    name,
    help,
    series: [...series.values()].map(({ labels, own }) => ({ labels, value: copyOf(own.value) })),
  });
  return { seriesOf, family };
}

const copyOf = (value: Series['value']): Series['value'] =>
  typeof value === 'number' ? value : { ...value, counts: [...value.counts] };

/** Returns the label value under which a value is counted. */
function createRule({ known = [], pattern = USUAL_VALUE }: Label): (value?: string) => string {
  const values = new Set(known);
  return (value) => {
    if (value === undefined) return 'none';
    if (values.has(value)) return value;
    if (values.size >= MAX_VALUES || !pattern.test(value)) return 'other';
    values.add(value);
    return value;
  };
}

const combinations = (labels: readonly Label[]): string[][] =>
  labels.reduce<string[][]>(
    (rows, { known = [] }) => rows.flatMap((row) => known.map((value) => [...row, value])),
    [[]],
  );
