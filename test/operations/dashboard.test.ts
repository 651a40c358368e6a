// docs/grafana/b2c-signin.json, the dashboard for Grafana.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';
import { eventMetrics } from '../../dist/operations/event-metrics.js';
import { createMetrics } from '../../dist/operations/metrics.js';

interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
}

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
}

const dashboard: { panels: Panel[]; templating: { list: { name: string }[] } } = JSON.parse(
  readFileSync(new URL('../../docs/grafana/b2c-signin.json', import.meta.url), 'utf8'),
);
const targets = dashboard.panels.flatMap(({ title, targets: own = [] }) =>
  own.map((target) => ({ title, ...target })),
);

const config = parseConfig(
  {
    tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' },
    client: { id: 'f0b6e55f-0000-4000-8000-00000000a001', secret: 'x' },
    policies: { signIn: 'B2C_1_susi' },
    session: { secrets: ['a-session-secret-for-tests-of-40-letters'] },
  },
  { env: {}, readFile: () => '', resolvePath: String, isFolder: () => true },
);

/** The labels of each metric, and of each series of a histogram. */
function existingSeries(): Map<string, Set<string>> {
  const metrics = createMetrics({ version: '1', config, system: process });
  const snapshot = metrics.snapshot();
  metrics.close();
  const counted = new Map(
    eventMetrics(config).map(({ name, labels = {} }) => [name, Object.keys(labels)]),
  );
  return new Map(
    snapshot.flatMap(({ name, type, series }) => {
      const own = counted.get(name) ?? Object.keys(series[0]?.labels ?? {});
      // Events and statuses have no series before they occur.
      const added = { b2c_signin_events_total: 'event', b2c_signin_http_responses_total: 'status' };
      const labels = [...own, added[name as keyof typeof added] ?? [], 'job', 'instance'].flat();
      if (type !== 'histogram') return [[name, new Set(labels)] as const];
      return ['_bucket', '_count', '_sum'].map(
        (end) => [name + end, new Set(end === '_bucket' ? [...labels, 'le'] : labels)] as const,
      );
    }),
  );
}

describe('each query of the dashboard names series and labels that exist', () => {
  const existing = existingSeries();
  assert.ok(targets.length > 20);
  for (const { title, refId, expr, legendFormat } of targets) {
    test(`${title} ${refId}`, () => {
      const names = [...expr.matchAll(/\b(?:b2c_signin|process)_\w+/g)].map(([name]) => name);
      assert.ok(names.length > 0, expr);
      for (const name of names) assert.ok(existing.has(name), name);
      for (const [, name = '', selector = ''] of expr.matchAll(/(\w+)\{([^}]*)\}/g)) {
        for (const [, label = ''] of selector.matchAll(/(\w+)\s*[=!]/g)) {
          assert.ok(existing.get(name)?.has(label), `${name}{${label}}`);
        }
      }
      // Labels of groups and legends are those of one of the series.
      const groups = [...expr.matchAll(/\b(?:by|on|group_left) \(([^)]*)\)/g)].map(([, l]) => l);
      const legend = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      for (const label of [...groups.flatMap((list) => list?.split(', ') ?? []), ...legend]) {
        assert.ok(
          names.some((name) => existing.get(name)?.has(String(label))),
          `${label} of ${names}`,
        );
      }
    });
  }

  test('every metric has a panel', () => {
    const expressions = targets.map(({ expr }) => expr).join('\n');
    for (const name of existing.keys()) {
      const family = name.replace(/_(bucket|count|sum)$/, '');
      assert.ok(expressions.includes(family), name);
    }
  });
});

test('the panels of the dashboard have different IDs and do not overlap', () => {
  const { panels } = dashboard;
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  assert.equal(new Set(cells).size, cells.length);
  assert.ok(panels.every(({ gridPos: { x, w } }) => x + w <= 24));
});

test('every variable in a query is defined', () => {
  const names = dashboard.templating.list.map(({ name }) => name);
  for (const { expr } of targets) {
    for (const [, name = ''] of expr.matchAll(/\$(?!__)\{?(\w+)/g)) {
      assert.ok(names.includes(name), name);
    }
  }
});
