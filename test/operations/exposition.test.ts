import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatExposition, selectCounters } from '../../dist/operations/exposition.js';
import { createCounter, createHistogram } from '../../dist/operations/family.js';
import { parseExposition, scrapedValue } from '../support/exposition.js';

const counter = () =>
  createCounter({ name: 'visits_total', help: 'Visits.', labels: { door: { pattern: /./s } } });
const histogram = () =>
  createHistogram({ name: 'wait_seconds', help: 'Waits.', labels: { door: {} }, bounds: [0.1, 1] });

test('writes a counter and a histogram in the format', () => {
  const visits = counter();
  visits.add('front');
  visits.add('front');
  const waits = histogram();
  for (const seconds of [0.05, 0.1, 0.5, 3]) waits.observe(seconds, 'back');
  assert.equal(
    formatExposition([[visits.family(), waits.family()]]),
    `# HELP visits_total Visits.
# TYPE visits_total counter
visits_total{door="front"} 2
# HELP wait_seconds Waits.
# TYPE wait_seconds histogram
wait_seconds_bucket{door="back",le="0.1"} 2
wait_seconds_bucket{door="back",le="1"} 3
wait_seconds_bucket{door="back",le="+Inf"} 4
wait_seconds_sum{door="back"} 3.65
wait_seconds_count{door="back"} 4
`,
  );
});

test('a label value is one string on one line, whatever its characters', () => {
  const visits = counter();
  const strange = 'a"b\\c\nd{e="f"} 1';
  visits.add(strange);
  const text = formatExposition([[visits.family()]]);
  assert.equal(text.trimEnd().split('\n').length, 3);
  assert.equal(scrapedValue(parseExposition(text), 'visits_total', { door: strange }), 1);
});

test('a label has at most a hundred values and "other"', () => {
  const visits = createCounter({
    name: 'visits_total',
    help: 'Visits.',
    labels: { code: { known: ['K1'], pattern: /^K\d+$/ } },
  });
  const read = () => parseExposition(formatExposition([[visits.family()]]));
  for (const odd of ['k1', '', 'K1\n', 'x'.repeat(10_000)]) visits.add(odd);
  visits.add(undefined);
  assert.deepEqual(
    read()
      .get('visits_total')
      ?.samples.map(({ labels }) => labels['code']),
    ['K1', 'other', 'none'],
  );
  for (let i = 0; i < 1_000; i += 1) visits.add(`K${i}`);
  const families = read();
  assert.equal(families.get('visits_total')?.samples.length, 102);
  assert.equal(scrapedValue(families, 'visits_total', { code: 'K1' }), 1);
  assert.equal(scrapedValue(families, 'visits_total', { code: 'other' }), 904);
  assert.equal(scrapedValue(families, 'visits_total', { code: 'none' }), 1);
});

test('known values exist before the first count', () => {
  const labels = { policy: { known: ['a', 'b'] }, outcome: { known: ['good', 'bad'] } };
  const visits = createCounter({ name: 'visits_total', help: 'Visits.', labels });
  const families = parseExposition(formatExposition([[visits.family()]]));
  assert.deepEqual(
    families.get('visits_total')?.samples.map(({ value }) => value),
    [0, 0, 0, 0],
  );
});

describe('metrics of several processes are merged', () => {
  const gauge = (value: number, merge: 'sum' | 'max' | 'min') =>
    ({
      name: `depth_${merge}`,
      help: 'Depth.',
      type: 'gauge',
      merge,
      series: [{ labels: {}, value }],
    }) as const;
  const snapshotOf = (count: number) => {
    const visits = counter();
    for (let i = 0; i < count; i += 1) visits.add(`door-${i}`);
    const waits = histogram();
    waits.observe(count, 'back');
    const gauges = (['sum', 'max', 'min'] as const).map((merge) => gauge(count, merge));
    // As received from another process.
    return JSON.parse(JSON.stringify([visits.family(), waits.family(), ...gauges]));
  };

  test('counters and histograms are summed, gauges by their rule', () => {
    const families = parseExposition(formatExposition([snapshotOf(1), snapshotOf(3)]));
    assert.equal(scrapedValue(families, 'visits_total', { door: 'door-0' }), 2);
    assert.equal(scrapedValue(families, 'visits_total', { door: 'door-2' }), 1);
    assert.equal(scrapedValue(families, 'wait_seconds_count'), 2);
    assert.equal(scrapedValue(families, 'wait_seconds_sum'), 4);
    assert.equal(scrapedValue(families, 'wait_seconds_bucket', { le: '1' }), 1);
    for (const [name, value] of [
      ['depth_sum', 4],
      ['depth_max', 3],
      ['depth_min', 1],
    ] as const) {
      assert.equal(scrapedValue(families, name), value, name);
    }
  });

  test('counters of an exited process stay, and its gauges are dropped', () => {
    const families = parseExposition(
      formatExposition([snapshotOf(1), selectCounters(snapshotOf(3))]),
    );
    assert.equal(scrapedValue(families, 'visits_total', { door: 'door-0' }), 2);
    assert.equal(scrapedValue(families, 'depth_sum'), 1);
  });

  test('merging changes no snapshot', () => {
    const [one, other] = [snapshotOf(2), snapshotOf(3)];
    const before = JSON.stringify([one, other]);
    formatExposition([one, other]);
    assert.equal(JSON.stringify([one, other]), before);
  });
});

test('a metric without values has its help and type', () => {
  const text = formatExposition([[counter().family()]]);
  assert.equal(text, '# HELP visits_total Visits.\n# TYPE visits_total counter\n');
});
