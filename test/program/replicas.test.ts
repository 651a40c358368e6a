import assert from 'node:assert/strict';
import cluster from 'node:cluster';
import { describe, test } from 'node:test';
import { warnOfReplicas } from '../../dist/program/replicas.js';
import { recordLog } from '../support/log.js';
import { eventsOf, runWithTenant } from '../support/program.js';

const MEMORY = { session: { store: { kind: 'memory' } } } as never;
const REDIS = { session: { store: { kind: 'redis' } } } as never;

describe('a process with sessions in memory', () => {
  const linesOf = (config: never, env: Record<string, string>, isClusterWorker = false) => {
    const log = recordLog();
    warnOfReplicas(config, { env, isClusterWorker, log });
    return log.of('sessions_not_shared').map(({ detail }) => String(detail));
  };
  const rows: [title: string, env: Record<string, string>, platform: RegExp][] = [
    ['an instance of PM2', { NODE_APP_INSTANCE: '0' }, /PM2/],
    ['a pod', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, /Kubernetes/],
    ['a replica of Azure Container Apps', { CONTAINER_APP_REPLICA_NAME: 'a' }, /Container Apps/],
    ['an instance of Azure App Service', { WEBSITE_INSTANCE_ID: 'a' }, /App Service/],
  ];
  for (const [title, env, platform] of rows) {
    test(`is warned in ${title}; with Redis it is not`, () => {
      const lines = linesOf(MEMORY, env);
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? '', platform);
      assert.deepEqual(linesOf(REDIS, env), []);
    });
  }
  test('is warned in a worker of node:cluster, and not as a single process', () => {
    assert.match(linesOf(MEMORY, {}, true)[0] ?? '', /cluster of Node\.js/);
    assert.deepEqual(linesOf(MEMORY, {}, cluster.isWorker), []);
  });
});

test('the program writes the warning when it starts', async (t) => {
  const { program } = await runWithTenant(t, { NODE_APP_INSTANCE: '0' });
  const [line] = eventsOf(program, 'sessions_not_shared');
  assert.match(String(line?.['detail']), /PM2 in cluster mode/);
  assert.match(String(line?.['advice']), /session\.store/);
});
