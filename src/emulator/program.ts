/** The command `emulator`: a configuration file and options in, a running tenant and a text out. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCertificate } from './certificate.ts';
import { type Configuration, parseConfiguration } from './configuration/parse-configuration.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from './emulator.ts';
import type { PolicyOptions } from './tenant/policy.ts';

export interface ProgramOptions {
  config?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  https?: boolean | undefined;
  /** Listens on other addresses than this machine's own. */
  allowOtherHosts?: boolean | undefined;
}

const DEFAULT_PORT = 3001;

/** @throws ConfigurationError, or the system's errors */
export async function runEmulator(
  options: ProgramOptions,
): Promise<{ emulator: Emulator; text: string }> {
  const { config } = options;
  const configuration = config ? await readConfiguration(config) : {};
  const folder = config ? path.dirname(path.resolve(config)) : '.';
  const { host = configuration.host ?? '127.0.0.1', port = configuration.port ?? DEFAULT_PORT } =
    options;
  const tls = options.https ? 'self-signed' : configuration.tls;
  const certificate = await certificateOf(tls, host, folder);
  const emulator = await createEmulator({
    ...optionsOf(configuration, folder),
    host,
    port,
    ...(certificate ? { tls: certificate } : {}),
    allowOtherHosts: options.allowOtherHosts ?? false,
  });
  return { emulator, text: describe(emulator, certificate?.caFile) };
}

async function readConfiguration(file: string): Promise<Configuration> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`;
    throw new Error(`${path.resolve(file)} ${what}`);
  });
  try {
    return parseConfiguration(text);
  } catch (error) {
    throw new Error(`${file} has faults:\n${(error as Error).message}`, { cause: error });
  }
}

/** Paths in the file are relative to it. */
function optionsOf(
  { tls: _, stateFile, policies, ...configuration }: Configuration,
  folder: string,
): EmulatorOptions {
  const resolve = (file: string) => path.resolve(folder, file);
  return {
    ...configuration,
    ...(stateFile ? { stateFile: resolve(stateFile) } : {}),
    ...(policies ? { policies: policies.map((policy) => resolveContent(policy, resolve)) } : {}),
  };
}

function resolveContent(policy: PolicyOptions, resolve: (file: string) => string): PolicyOptions {
  const content = policy.page?.content;
  if (!content || /^https?:/i.test(content)) return policy;
  return { ...policy, page: { ...policy.page, content: resolve(content) } };
}

async function certificateOf(
  tls: Configuration['tls'],
  host: string,
  folder: string,
): Promise<{ cert: string; key: string; caFile?: string } | undefined> {
  if (tls === undefined) return undefined;
  if (tls !== 'self-signed') {
    const read = (file: string) => readFile(path.resolve(folder, file), 'utf8');
    return { cert: await read(tls.cert), key: await read(tls.key) };
  }
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...named(host)])];
  const { cert, key, ca } = createCertificate({ hosts });
  const caFile = path.join(await mkdtemp(path.join(tmpdir(), 'b2c-signin-')), 'ca.pem');
  await writeFile(caFile, ca);
  return { cert, key, caFile };
}

const named = (host: string) => (host === '0.0.0.0' || host === '::' ? [] : [host]);

function describe(emulator: Emulator, caFile?: string) {
  const { url, authority, tenant, policies, applications, accounts } = emulator;
  const [application] = applications;
  const isB2c = tenant.shape === 'b2c';
  return [
    '',
    `  A local ${isB2c ? 'Azure AD B2C' : 'External ID'} tenant for development. Whoever reaches it can sign in as anybody.`,
    '',
    `  Dashboard    ${url}/_emulator/`,
    `  Authority    ${isB2c ? `${authority}/${policies[0]?.name ?? '<policy>'}` : authority}`,
    ...(isB2c ? [] : [`  Tenant id    ${tenant.id}`, `  Issuer       ${emulator.issuer}`]),
    `  Application  ${application?.id ?? 'none'}${secretOf(application?.secrets[0])}`,
    ...(caFile ? [`  Trust        ${caFile}`] : []),
    '',
    ...accounts.map(({ email, password }) => `    ${email.padEnd(20)} password  ${password}`),
    '',
  ].join('\n');
}

const secretOf = (secret: string | undefined) => (secret ? `   secret  ${secret}` : '');
