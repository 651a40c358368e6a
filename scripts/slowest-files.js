// A reporter for Node's test runner: at the end of a run, the twenty files that took longest. The time
// of a file is the sum of its tests; what its process needs to start is not in it.
import path from 'node:path';

const SHOWN = 20;

// biome-ignore lint/style/noDefaultExport: Node takes the default export as the reporter
export default async function* slowestFiles(source) {
  const times = new Map();
  for await (const { type, data } of source) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.nesting > 0 || !data.file) continue;
    const file = path.relative(process.cwd(), data.file).replaceAll(path.sep, '/');
    times.set(file, (times.get(file) ?? 0) + data.details.duration_ms);
  }
  const slowest = [...times].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  yield '\nThe slowest files:\n';
  for (const [file, ms] of slowest) yield `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}\n`;
}
