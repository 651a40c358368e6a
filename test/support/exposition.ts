/** A metric as a scraper reads it. */
export interface ScrapedFamily {
  type: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.+)\\})? (\\+Inf|-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)$`);
const SUFFIXES: Record<string, string[]> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

/**
 * Reads the text exposition format 0.0.4 more strictly than Prometheus does: each metric once, with
 * its help and type in front, samples of no other in between, no sample twice, histograms whole and
 * rising, counters that end in `_total`.
 */
export function parseExposition(text: string): Map<string, ScrapedFamily> {
  const families = new Map<string, ScrapedFamily>();
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const lines = text.slice(0, -1).split('\n');
  for (let at = 0; at < lines.length; ) {
    const [, name = '', help = ''] = match(new RegExp(`^# HELP (${NAME}) (.+)$`), lines[at++]);
    const [, type = ''] = match(
      new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`),
      lines[at++],
    );
    if (families.has(name)) throw new Error(`${name} comes twice`);
    const samples: ScrapedFamily['samples'] = [];
    for (; at < lines.length && !lines[at]?.startsWith('#'); at += 1) {
      const sample = parseSample(lines[at] ?? '');
      const suffix = sample.name.startsWith(name) ? sample.name.slice(name.length) : undefined;
      if (!SUFFIXES[type]?.includes(suffix ?? '?')) throw new Error(`${sample.name} in ${name}`);
      samples.push(sample);
    }
    families.set(name, { type, help, samples });
  }
  for (const [name, family] of families) check(name, family);
  return families;
}

/** The sum of a metric over all samples with these labels. */
export function scrapedValue(
  families: Map<string, ScrapedFamily>,
  name: string,
  labels: Record<string, string> = {},
): number {
  const family = [...families].find(([own]) => name === own || name.startsWith(`${own}_`))?.[1];
  const found = (family?.samples ?? []).filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  return found.reduce((sum, { value }) => sum + value, 0);
}

function match(pattern: RegExp, line = ''): RegExpExecArray {
  const found = pattern.exec(line);
  if (!found) throw new Error(`not ${pattern}: ${line}`);
  return found;
}

function parseSample(line: string): ScrapedFamily['samples'][number] {
  const [, name = '', pairs = '', value = ''] = match(SAMPLE, line);
  const labels: Record<string, string> = {};
  for (let rest = pairs; rest !== ''; ) {
    const [whole, label = '', text = ''] = match(LABEL, rest);
    if (label in labels) throw new Error(`${label} twice: ${line}`);
    labels[label] = text.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value) };
}

function check(name: string, { type, samples }: ScrapedFamily): void {
  const seen = new Set(samples.map((sample) => JSON.stringify([sample.name, sample.labels])));
  if (seen.size !== samples.length) throw new Error(`${name} has a sample twice`);
  if ((type === 'counter') !== name.endsWith('_total')) throw new Error(`${name} is a ${type}`);
  if (type !== 'histogram') return;
  const buckets = new Map<string, number>();
  let bound = Number.NEGATIVE_INFINITY;
  for (const { name: own, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify(others);
    if (own.endsWith('_bucket')) {
      if (value < (buckets.get(key) ?? 0))
        throw new Error(`${name} falls: ${JSON.stringify(labels)}`);
      if (buckets.has(key) && !(parseBound(le) > bound)) throw new Error(`${name}: le ${le}`);
      bound = parseBound(le);
      buckets.set(key, value);
    } else if (own.endsWith('_count')) {
      if (bound !== Number.POSITIVE_INFINITY) throw new Error(`${name} has no +Inf`);
      if (value !== buckets.get(key)) throw new Error(`${name}: +Inf is not the count`);
    }
  }
}

const parseBound = (le = 'none') => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));
