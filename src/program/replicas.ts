import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';

/** Variables that are set where a process is often one of several, and what sets them. */
const SIGNS: readonly [variable: string, platform: string][] = [
  ['NODE_APP_INSTANCE', 'PM2 in cluster mode'],
  ['KUBERNETES_SERVICE_HOST', 'Kubernetes'],
  ['CONTAINER_APP_REPLICA_NAME', 'Azure Container Apps'],
  ['WEBSITE_INSTANCE_ID', 'Azure App Service'],
  ['ECS_CONTAINER_METADATA_URI_V4', 'Amazon ECS'],
  ['K_REVISION', 'Google Cloud Run'],
];

/** Warns if sessions are in memory and this process may be one of several, which do not share them. */
export function warnOfReplicas(
  { session }: Pick<Config, 'session'>,
  {
    env,
    isClusterWorker = false,
    log,
  }: {
    env: Readonly<Record<string, string | undefined>>;
    /** Whether an application runs this process as a worker of `node:cluster`. */
    isClusterWorker?: boolean;
    log: Log;
  },
): void {
  if (session.store.kind !== 'memory') return;
  const platform =
    SIGNS.find(([variable]) => env[variable])?.[1] ?? (isClusterWorker && 'a cluster of Node.js');
  if (!platform) return;
  log.warn('sessions_not_shared', {
    detail: `sessions are in the memory of this process, which runs in ${platform}`,
    advice:
      'with more than one process or replica, set session.store to Redis (docs/configuration.md#many-processes)',
  });
}
