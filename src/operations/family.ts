/** What one process has counted: plain data, so that it can go to another process as JSON. */
export type Snapshot = readonly Family[];

/** One metric with all its label values. */
export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  /** How a gauge of several processes becomes one. All else is added up. */
  merge?: 'sum' | 'max' | 'min';
  series: Series[];
}

export interface Series {
  labels: Record<string, string>;
  value: number | Distribution;
}

/** How many values were at most each of `bounds`, and above all of them: not added up yet. */
export interface Distribution {
  bounds: readonly number[];
  counts: number[];
  sum: number;
}

export interface Label {
  /** Values that are there from the start, with 0: a rate of what begins with 1 is none. */
  known?: readonly string[];
  /** What further values must look like. */
  pattern?: RegExp;
}

/** A metric's name, its one sentence, and the rules of its labels. */
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

// Whatever requests say, a label has no more values than this; the rest is "other".
const MAX_VALUES = 100;
const USUAL_VALUE = /^[\w./-]{1,64}$/;
// Between the values of labels: no pattern of theirs lets it pass.
const LABEL_SEPARATOR = '\n';

/** Counts by the values of labels, given in the order of the labels. */
export function createCounter(about: MetricDefinition): Counter {
  const { seriesOf, family } = createSeries(about, () => ({ value: 0 }));
  return {
    add(...values) {
      seriesOf(values).value += 1;
    },
    family: () => ({ ...family(), type: 'counter' }),
  };
}

/** The same for how large or how long something was, in base units. */
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
    // Mostly they have come before, and no rule has to look at them.
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

/** What a value of a label is counted under. */
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
