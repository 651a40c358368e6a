import { parseArgs } from 'node:util';
import { didYouMean } from '../did-you-mean.ts';
import {
  POLICIES_HELP,
  type PoliciesCommand,
  parsePoliciesArguments,
} from './policies-arguments.ts';

/** The parsed command line. */
export type Command =
  | ({ kind: 'serve' } & ServeArguments)
  | { kind: 'check-config'; config?: string | undefined }
  | ({ kind: 'emulator' } & EmulatorArguments)
  | { kind: 'doctor'; config?: string | undefined; json: boolean; verbosity: Verbosity }
  | ({ kind: 'policies' } & PoliciesCommand)
  | { kind: 'print'; text: string }
  | { kind: 'wrong-usage'; text: string };

/**
 * Which checks `doctor` prints. `normal`: failures and warnings, then the number of all checks. `quiet`: the
 * same, but no output without them. `verbose`: all checks.
 */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

export interface ServeArguments {
  config?: string | undefined;
  port?: number | undefined;
  workers?: number | 'auto' | undefined;
}

export interface EmulatorArguments {
  config?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  https?: boolean | undefined;
  allowOtherHosts?: boolean | undefined;
  /** Folder with custom policies, and the environment of its `appsettings.json`. */
  policies?: string | undefined;
  environment?: string | undefined;
}

const HELP = {
  serve: `Usage: b2c-signin [--config FILE] [--port N] [--workers N]
       b2c-signin emulator | check-config | doctor | policies [options]

Signs users in with Azure AD B2C. Reads FILE or ./config.json; without either it
starts a local demo with an emulator of a B2C tenant.

  --config FILE   the configuration (docs/configuration.md)
  --port N        the listen port; the demo's emulator uses the next port
  --workers N     number of processes, or "auto"; needs a shared session store
  --help          this text; after a command, its options
  --version       the version

SIGTERM stops it gracefully, SIGHUP makes it read the configuration again.

Commands: emulator       starts only the emulator, for any application
          check-config   reports all errors of the configuration
          doctor         checks the configuration, the tenant, the session store and
                         baseUrl, and suggests fixes
          policies       checks, shows or runs custom policies`,
  emulator: `Usage: b2c-signin emulator [--config FILE] [--policies FOLDER] [--environment NAME]
                           [--host H] [--port N] [--https]

Starts an emulator of an Azure AD B2C tenant on loopback, for development and tests.

  --config FILE   policies, applications, accounts … (docs/emulator/settings.md)
  --policies FOLDER
                  serves the custom policies below FOLDER (docs/custom-policies.md)
  --environment NAME
                  environment of appsettings.json for {Settings:…}
  --port N        the listen port, default 3001
  --https         uses a temporary certificate and prints the path of its CA file
  --host H        the listen address; if other computers can reach it, also pass
                  --i-know-this-is-not-for-production`,
  'check-config': `Usage: b2c-signin check-config [--config FILE]

Reads FILE or ./config.json and reports all errors. The exit code is 0 if the
configuration is valid, otherwise 1. Never prints a secret.`,
  doctor: `Usage: b2c-signin doctor [--config FILE] [--json] [--quiet | --verbose]

Reads FILE or ./config.json. Checks the configuration, the tenant, the session
store and the server at baseUrl. Prints failures and warnings with a suggested fix,
and the number of checks that passed. Changes nothing. The exit code is 1 if a
check failed, otherwise 0. Never prints a secret.

  --json          the checks as one JSON document (docs/doctor.md)
  --quiet         no output without a failure or warning
  --verbose       all checks, also those that passed or were skipped`,
  policies: POLICIES_HELP,
};

const OPTIONS = {
  config: { type: 'string' },
  port: { type: 'string' },
  workers: { type: 'string' },
  host: { type: 'string' },
  https: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  verbose: { type: 'boolean' },
  policies: { type: 'string' },
  environment: { type: 'string' },
  format: { type: 'string' },
  answers: { type: 'string', multiple: true },
  coverage: { type: 'boolean' },
  'i-know-this-is-not-for-production': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type OptionName = keyof typeof OPTIONS;

const COMMAND_OPTIONS: Record<keyof typeof HELP, readonly OptionName[]> = {
  serve: ['config', 'port', 'workers', 'help', 'version'],
  emulator: [
    ...(['config', 'policies', 'environment', 'port', 'host', 'https'] as const),
    ...(['help', 'version'] as const),
    'i-know-this-is-not-for-production',
  ],
  'check-config': ['config', 'help', 'version'],
  doctor: ['config', 'json', 'quiet', 'verbose', 'help', 'version'],
  policies: ['environment', 'format', 'json', 'answers', 'coverage', 'help', 'version'],
};

/** Parses the arguments after the program's name. Never throws. */
export function parseCommandLine(args: readonly string[], version: string): Command {
  const [first = '', ...rest] = args;
  const hasName = first !== '' && !first.startsWith('-');
  const kind = hasName ? first : 'serve';
  if (!isCommand(kind) || first === 'serve') {
    const suggestion = didYouMean(
      kind,
      Object.keys(HELP).filter((name) => name !== 'serve'),
    );
    return wrongUsage(`There is no command "${kind}"${suggestion || '.'}`, 'serve');
  }
  const read = readOptions(hasName ? rest : args, kind);
  if (typeof read === 'string') return wrongUsage(read, kind);
  const { values: parsed, positionals } = read;
  const { config, host, https, port: portText, help, version: askedForVersion } = parsed;
  const allowOtherHosts = parsed['i-know-this-is-not-for-production'];
  if (help) return { kind: 'print', text: HELP[kind] };
  if (askedForVersion) return { kind: 'print', text: version };
  const port = parseNumber(portText);
  if (port !== undefined && !(port >= 1 && port <= 65_535)) {
    return wrongUsage('--port takes a number from 1 to 65535.', kind);
  }
  if (kind === 'policies') {
    const command = parsePoliciesArguments(positionals, parsed);
    return typeof command === 'string' ? wrongUsage(command, kind) : { kind, ...command };
  }
  if (kind === 'doctor') {
    const { json = false, quiet, verbose } = parsed;
    if (quiet && verbose) return wrongUsage('--quiet and --verbose exclude each other.', kind);
    return { kind, config, json, verbosity: quiet ? 'quiet' : verbose ? 'verbose' : 'normal' };
  }
  if (kind === 'emulator') {
    const { policies, environment } = parsed;
    return { kind, config, host, port, https, allowOtherHosts, policies, environment };
  }
  if (kind === 'check-config') return { kind, config };
  const workers = parsed.workers === 'auto' ? 'auto' : parseNumber(parsed.workers);
  if (workers !== undefined && workers !== 'auto' && !(workers >= 1 && workers <= MAX_WORKERS)) {
    return wrongUsage(`--workers takes a number from 1 to ${MAX_WORKERS}, or "auto".`, kind);
  }
  return { kind, config, port, workers };
}

const MAX_WORKERS = 256;

/** Parses a whole number; NaN for other text. */
const parseNumber = (text: string | undefined) =>
  text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : Number.NaN;

const isCommand = (name: string): name is keyof typeof HELP => Object.hasOwn(HELP, name);

/** Returns the options, or a message with the first error. */
function readOptions(args: readonly string[], kind: keyof typeof HELP) {
  const allowed: readonly string[] = COMMAND_OPTIONS[kind];
  const settings = { args: [...args], options: OPTIONS };
  const { tokens } = parseArgs({ ...settings, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || allowed.includes(token.name)) continue;
    const suggestion = didYouMean(
      token.rawName,
      allowed.map((name) => `--${name}`),
    );
    return `${token.rawName} is not an option of this command${suggestion || '.'}`;
  }
  try {
    return parseArgs({ ...settings, strict: true, allowPositionals: kind === 'policies' });
  } catch (error) {
    return `${(error as Error).message.split('. ')[0]}.`;
  }
}

function wrongUsage(message: string, kind: keyof typeof HELP): Command {
  return { kind: 'wrong-usage', text: `${message}\n\n${HELP[kind]}` };
}
