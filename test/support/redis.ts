import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import type { Certificate } from '../../dist/emulator/certificate.js';
import { createRedisClient, type RedisConfig } from '../../dist/session/redis/redis-client.js';
import {
  createRedisStore,
  type RedisCommands,
  type RedisStoreOptions,
} from '../../dist/session/redis/redis-store.js';
import type { SessionStore } from '../../dist/session/session.js';
import { freePort } from './free-port.js';
import { note } from './leak-notes.js';
import { recordLog } from './log.js';

const SERVER = [
  process.env['REDIS_SERVER'],
  '/usr/bin/redis-server',
  '/usr/bin/valkey-server',
].find((file) => file && existsSync(file));

/** Why tests with Redis are skipped here, in sight; with CI=true that is a failure. */
export function skipWithoutRedis(): string | false {
  if (SERVER) return false;
  if (process.env['CI'] === 'true') throw new Error('redis-server is not installed');
  return 'redis-server is not installed (set REDIS_SERVER to its path)';
}

/** Whatever has an end: a test, or a file of tests. */
export interface Scope {
  after(end: () => Promise<void> | void): unknown;
}

/** The scope of a whole file of tests: to be made at its top. */
export function fileScope(): Scope {
  const ends: (() => Promise<void> | void)[] = [];
  after(async () => {
    for (const end of ends.reverse()) await end();
  });
  return { after: (end) => ends.push(end) };
}

export interface RedisServer {
  port: number;
  url: string;
  pid(): number;
  /** Runs `redis-cli`; gives what it says. */
  cli(...args: string[]): Promise<string>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again in the same place, with what it had on disk. */
  start(): Promise<void>;
}

export interface RedisOptions {
  args?: string[];
  password?: string;
  /** Makes it speak TLS alone. */
  certificate?: Certificate;
  /** Another kind of configuration file than none; a Sentinel writes into its own. */
  file?: (folder: string) => string[];
}

/** Arguments of a server that has on disk what it has answered for. */
export const KEPT = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** Starts a server on a free port with a new folder; both are removed at the end of the scope. */
export async function startRedis(
  scope: Scope,
  { args = [], password, certificate, file }: RedisOptions = {},
): Promise<RedisServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-redis-'));
  const port = await freePort();
  if (password) note('store password', password);
  const tls = certificate ? tlsArguments(folder, certificate) : { server: [], cli: [] };
  const own = [
    ...(file?.(folder) ?? []),
    ...(certificate ? ['--tls-port', `${port}`, '--port', '0'] : ['--port', `${port}`]),
    ...['--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'],
    ...(password ? ['--requirepass', password] : []),
    ...tls.server,
    ...args,
  ];
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    port,
    url: `redis${certificate ? 's' : ''}://127.0.0.1:${port}`,
    pid() {
      // Not a process ID: 0 would mean this process and all its children.
      if (!child?.pid) throw new Error('redis-server is not running');
      return child.pid;
    },
    async cli(...command) {
      const auth = password ? ['--no-auth-warning', '-a', password] : [];
      const all = ['-p', `${port}`, ...auth, ...tls.cli, ...command];
      return (await promisify(execFile)('redis-cli', all)).stdout.trim();
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'close');
      child.kill('SIGKILL');
      await gone;
    },
    async start() {
      child = spawn(String(SERVER), own, { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout?.on('data', (chunk) => {
        output += chunk;
      });
      await until(async () => {
        if (child?.exitCode !== null) throw new Error(`redis-server has ended:\n${output}`);
        return (await server.cli('ping').catch(String)).startsWith('PONG');
      });
    },
  };
  scope.after(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

function tlsArguments(folder: string, certificate: Certificate) {
  const fileOf = (name: keyof Certificate) => {
    const file = path.join(folder, `${name}.pem`);
    writeFileSync(file, certificate[name]);
    return file;
  };
  const ca = fileOf('ca');
  const files = ['--tls-cert-file', fileOf('cert'), '--tls-key-file', fileOf('key')];
  return {
    server: [...files, '--tls-ca-cert-file', ca, '--tls-auth-clients', 'no'],
    cli: ['--tls', '--cacert', ca],
  };
}

export interface SentinelTrio {
  nodes: RedisServer[];
  sentinels: RedisServer[];
  /** The settings for the configuration. */
  settings: { sentinels: string[]; master: string };
  /** The node that is the master now. */
  master(): Promise<RedisServer>;
}

/** A master, a replica, and three Sentinels that watch them. */
export async function startSentinels(scope: Scope, password: string): Promise<SentinelTrio> {
  const options = { password, args: ['--masterauth', password, '--repl-diskless-sync-delay', '0'] };
  const first = await startRedis(scope, options);
  const replicaOf = ['--replicaof', '127.0.0.1', `${first.port}`];
  const second = await startRedis(scope, { ...options, args: [...options.args, ...replicaOf] });
  const file = (folder: string) => {
    const name = path.join(folder, 'sentinel.conf');
    const lines = [
      `sentinel monitor sessions 127.0.0.1 ${first.port} 2`,
      `sentinel auth-pass sessions ${password}`,
      'sentinel down-after-milliseconds sessions 700',
      'sentinel failover-timeout sessions 3000',
    ];
    writeFileSync(name, `${lines.join('\n')}\n`);
    return [name, '--sentinel'];
  };
  const sentinels: RedisServer[] = [];
  for (let i = 0; i < 3; i += 1) sentinels.push(await startRedis(scope, { file }));
  const [sentinel] = sentinels;
  const nodes = [first, second];
  const addresses = sentinels.map(({ port }) => `redis://127.0.0.1:${port}`);
  // They find each other, and the replica, through the master.
  await until(async () => {
    const states = await Promise.all(sentinels.map((one) => one.cli('sentinel', 'masters')));
    return states.every((s) => /other-sentinels\n2/.test(s) && /num-slaves\n1/.test(s));
  });
  return {
    nodes,
    sentinels,
    settings: { sentinels: addresses, master: 'sessions' },
    async master() {
      const said = await sentinel?.cli('sentinel', 'get-master-addr-by-name', 'sessions');
      const port = Number(said?.split('\n')[1]);
      const found = nodes.find((node) => node.port === port);
      if (!found) throw new Error(`no such node: ${said}`);
      return found;
    },
  };
}

/** Three masters that share the slots. */
export async function startCluster(scope: Scope, password: string): Promise<RedisServer[]> {
  const nodes = await Promise.all(
    [0, 1, 2].map(async () =>
      startRedis(scope, {
        password,
        // The bus takes the port ten thousand above otherwise, which there may not be.
        args: [...KEPT, '--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`],
      }),
    ),
  );
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await nodes[0]?.cli('--cluster', 'create', ...addresses, '--cluster-yes');
  await until(async () => {
    const states = await Promise.all(nodes.map((node) => node.cli('cluster', 'info')));
    return states.every((state) => state.includes('cluster_state:ok'));
  });
  return nodes;
}

/** Waits until a condition is met. */
export async function until(isSo: () => Promise<boolean>, seconds = 120): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('the condition is not met in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export interface OpenOptions extends Partial<RedisStoreOptions> {
  timeoutMs?: number;
  /** How many commands it can give before its process is no more. */
  diesAfter?: number;
}

let stores = 0;

/** Opens a separate store in a running server; its connection ends with the scope. */
export async function openRedisStore<Content>(
  scope: Scope,
  where: Partial<RedisConfig>,
  { timeoutMs = 2_000, diesAfter = Number.POSITIVE_INFINITY, ...options }: OpenOptions = {},
): Promise<{ store: SessionStore<Content>; prefix: string }> {
  stores += 1;
  const { prefix = `test-${stores}:`, log = recordLog() } = options;
  const redis = await createRedisClient(
    { ...{ kind: 'redis', maxPerUser: 100, database: 0, timeoutMs, prefix }, ...where },
    { log },
  );
  scope.after(() => redis.close());
  await until(() =>
    redis.read(prefix, 1).then(
      () => true,
      () => false,
    ),
  );
  const store = createRedisStore<Content>({
    ...{ log, prefix, secrets: ['a-secret-of-at-least-32-characters'], maxPerGroup: 100 },
    ...{ now: Date.now, ...options },
    redis: mortal(redis, diesAfter),
  });
  return { store, prefix };
}

/** A client whose process dies: from some command on nothing goes out any more. */
function mortal(redis: RedisCommands, commands: number): RedisCommands {
  let left = commands;
  const alive = <Args extends unknown[], Reply>(command: (...args: Args) => Promise<Reply>) => {
    return (...args: Args): Promise<Reply> => {
      left -= 1;
      return left >= 0 ? command(...args) : Promise.reject(new Error('dead'));
    };
  };
  const { read, set, del, eval: run } = redis;
  return { ...redis, read: alive(read), set: alive(set), del: alive(del), eval: alive(run) };
}
