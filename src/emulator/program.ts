/** The `emulator` command: reads the configuration file, starts the tenant, and describes it. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCertificate } from './certificate.ts';
import type { CustomPolicyOptions } from './custom-policies/options.ts';
import type { PolicyUpdate } from './custom-policies/watch-policies.ts';
import {
  type Configuration,
  type PolicyKeySource,
  parseConfiguration,
} from './definition/parse-configuration.ts';
import type { PolicyOptions } from './definition/policy.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from './emulator.ts';
import { formatFaults, type Paint } from './policy-files/format-faults.ts';

export interface ProgramOptions {
  config?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  https?: boolean | undefined;
  /** Allows listening on other addresses than loopback. */
  allowOtherHosts?: boolean | undefined;
  /** Folder with custom policies. Takes the place of that of the configuration. */
  policies?: string | undefined;
  /** Environment of `appsettings.json` in that folder. */
  environment?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Prints what happens while the emulator runs. */
  report(text: string): void;
  paint: Paint;
}

const DEFAULT_PORT = 3001;

/** @throws Error for an invalid configuration, or a system error */
export async function runEmulator(
  options: ProgramOptions,
): Promise<{ emulator: Emulator; text: string }> {
  const { config } = options;
  const configuration = config ? await readConfiguration(config) : {};
  const folder = config ? path.dirname(path.resolve(config)) : '.';
  const { host = configuration.host ?? '127.0.0.1', port = configuration.port ?? DEFAULT_PORT } =
    options;
  const tls = options.https ? 'self-signed' : configuration.tls;
  const certificate = await loadCertificate(tls, host, folder);
  const customPolicies = await describePolicies(configuration, {
    ...options,
    configFolder: folder,
  });
  const emulator = await createEmulator({
    ...toEmulatorOptions(configuration, folder),
    ...(customPolicies ? { customPolicies } : {}),
    host,
    port,
    ...(certificate ? { tls: certificate } : {}),
    allowOtherHosts: options.allowOtherHosts ?? false,
  });
  const isChosen = (options.host ?? configuration.host) !== undefined;
  const { url, authority } = isChosen ? emulator : underLocalhost(emulator);
  return { emulator, text: describe({ ...emulator, url, authority }, certificate?.caFile) };
}

/**
 * Browsers send the SSO cookie from frames only if the application has the same host name, which usually is
 * localhost. The issuer of External ID depends on the name, so its tenants keep the address.
 */
function underLocalhost({ url, authority, tenant }: Emulator): Pick<Emulator, 'url' | 'authority'> {
  if (tenant.kind !== 'b2c') return { url, authority };
  const rename = (text: string) => text.replace('://127.0.0.1:', '://localhost:');
  return { url: rename(url), authority: rename(authority) };
}

async function readConfiguration(file: string): Promise<Configuration> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const problem = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`;
    throw new Error(`${path.resolve(file)} ${problem}`);
  });
  try {
    return parseConfiguration(text);
  } catch (error) {
    throw new Error(`${file} is invalid:\n${(error as Error).message}`, { cause: error });
  }
}

/** Paths in the file are relative to the file. */
function toEmulatorOptions(
  { tls: _, customPolicies: _policies, stateFile, policies, ...configuration }: Configuration,
  folder: string,
): EmulatorOptions {
  const resolve = (file: string) => path.resolve(folder, file);
  return {
    ...configuration,
    ...(stateFile ? { stateFile: resolve(stateFile) } : {}),
    ...(policies ? { policies: policies.map((policy) => resolveContent(policy, resolve)) } : {}),
  };
}

type PolicySources = Pick<
  ProgramOptions,
  'policies' | 'environment' | 'env' | 'report' | 'paint'
> & { configFolder: string };

/** @throws Error if a policy key has no value */
async function describePolicies(
  { customPolicies }: Configuration,
  { policies, environment, env, report, paint, configFolder }: PolicySources,
): Promise<CustomPolicyOptions | undefined> {
  const resolve = (file: string) => path.resolve(configFolder, file);
  const folder = policies ?? (customPolicies && resolve(customPolicies.folder));
  if (folder === undefined) return undefined;
  const keys: [string, string][] = [];
  for (const [name, source] of Object.entries(customPolicies?.keys ?? {})) {
    keys.push([name, await readKey(name, source, { env, resolve })]);
  }
  return {
    folder: path.relative('.', folder) || '.',
    environment: environment ?? customPolicies?.environment,
    keys: Object.fromEntries(keys),
    rest: customPolicies?.rest,
    providers: customPolicies?.providers,
    onUpdate: (update) => {
      const text = describeUpdate(update, paint);
      if (text !== '') report(text);
    },
  };
}

async function readKey(
  name: string,
  source: PolicyKeySource,
  { env, resolve }: Pick<ProgramOptions, 'env'> & { resolve(file: string): string },
): Promise<string> {
  if ('secret' in source) return source.secret;
  if ('file' in source) return (await readFile(resolve(source.file), 'utf8')).trim();
  const value = env[source.env];
  if (!value) throw new Error(`customPolicies.keys.${name}: ${source.env} is not set`);
  return value;
}

function describeUpdate(
  { policies, errors, changed, kept, problem }: PolicyUpdate,
  paint: ProgramOptions['paint'],
): string {
  const lines = problem === undefined ? [] : [problem];
  if (changed.length > 0)
    lines.push(`Custom policies that are new or changed: ${changed.join(', ')}`);
  if (errors.length > 0) {
    const result = { files: policies.length, errors, warnings: [] };
    lines.push(...formatFaults(result, { format: 'text', paint }).split('\n').slice(0, -1));
  }
  if (kept.length > 0) lines.push(`Still as before, because of errors: ${kept.join(', ')}`);
  return lines.join('\n');
}

function resolveContent(policy: PolicyOptions, resolve: (file: string) => string): PolicyOptions {
  const content = policy.page?.content;
  if (!content || /^https?:/i.test(content)) return policy;
  return { ...policy, page: { ...policy.page, content: resolve(content) } };
}

async function loadCertificate(
  tls: Configuration['tls'],
  host: string,
  folder: string,
): Promise<{ cert: string; key: string; caFile?: string } | undefined> {
  if (tls === undefined) return undefined;
  if (tls !== 'self-signed') {
    const read = (file: string) => readFile(path.resolve(folder, file), 'utf8');
    return { cert: await read(tls.cert), key: await read(tls.key) };
  }
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...hostNames(host)])];
  const { cert, key, ca } = createCertificate({ hosts });
  const caFile = path.join(await mkdtemp(path.join(tmpdir(), 'b2c-signin-')), 'ca.pem');
  await writeFile(caFile, ca);
  return { cert, key, caFile };
}

const hostNames = (host: string) => (host === '0.0.0.0' || host === '::' ? [] : [host]);

function describe(emulator: Emulator, caFile?: string) {
  const { url, authority, tenant, policies, applications, accounts } = emulator;
  const [application] = applications;
  const isB2c = tenant.kind === 'b2c';
  const custom = emulator.customPolicies;
  return [
    '',
    `  A local ${isB2c ? 'Azure AD B2C' : 'External ID'} tenant for development. Any client can sign in as any user.`,
    '',
    `  Dashboard    ${url}/_emulator/`,
    `  Authority    ${isB2c ? `${authority}/${policies[0]?.name ?? '<policy>'}` : authority}`,
    ...(isB2c ? [] : [`  Tenant ID    ${tenant.id}`, `  Issuer       ${emulator.issuer}`]),
    ...(custom.length > 0 ? [`  Policies     ${custom.join(', ')}`] : []),
    `  Application  ${application?.id ?? 'none'}${describeSecret(application?.secrets[0])}`,
    ...(caFile ? [`  Trust        ${caFile}`] : []),
    '',
    ...accounts.map(({ email, password }) => `    ${email.padEnd(20)} password  ${password}`),
    '',
  ].join('\n');
}

const describeSecret = (secret: string | undefined) => (secret ? `   secret  ${secret}` : '');
