import { randomUUID } from 'node:crypto';
import { translated } from '../config/translation.ts';
import { type Config, type ConfigSources, parseConfig } from '../config.ts';
import { SignInError } from '../errors.ts';

/** What can be read of a configuration that has faults. */
export interface Salvaged {
  /** Without faults, but with stand-ins for what is `lost`; nothing of those may be looked at. */
  config?: Config | undefined;
  /** As `check-config` tells them. */
  faults: string[];
  lost: ReadonlySet<string>;
}

type Section = Record<string, unknown>;

/** The configuration, and where it has faults, as much of it as is good. */
export function salvageConfig(input: unknown, sources: ConfigSources): Salvaged {
  const first = parse(input, sources);
  if (first.config) return { config: first.config, faults: [], lost: new Set() };
  const { faults } = first;
  const names = faults.map((fault) => fault.slice(0, fault.indexOf(':')));
  const lost = new Set(names.filter((name) => !name.startsWith(PREFIX)).map(partOf));
  const own = translated(input);
  if (!isSection(own)) return { faults, lost };
  const env = Object.entries(sources.env).filter(([name]) => !isLost(name, { lost, names }));
  const second = parse(withStandIns(own, lost), { ...sources, env: Object.fromEntries(env) });
  return { config: second.config, faults, lost };
}

function parse(input: unknown, sources: ConfigSources): { config?: Config; faults: string[] } {
  try {
    return { config: parseConfig(input, sources), faults: [] };
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return { faults: error.message.split('\n') };
  }
}

/** The part of the configuration that a setting takes with it: a section, but id and secret alone. */
function partOf(setting: string): string {
  const [section = '', name = ''] = setting.split('.');
  return section === 'client' && (name === 'secret' || name === 'id') ? `client.${name}` : section;
}

// What a configuration has to have, of nobody.
const STAND_INS: Record<string, () => unknown> = {
  tenant: () => ({ authority: 'https://stand-in.invalid/stand-in.invalid' }),
  client: () => ({ id: randomUUID(), secret: randomUUID() }),
  policies: () => ({ signIn: 'B2C_1_stand_in' }),
  session: () => ({ secrets: [randomUUID()] }),
};

function withStandIns(input: Section, lost: ReadonlySet<string>): Section {
  const whole = structuredClone(input);
  // A policy without its tenant, or the other way round, would only make another fault.
  const parts = lost.has('tenant') ? new Set([...lost, 'policies', 'errors']) : lost;
  for (const part of parts) {
    const [section = '', name] = part.split('.');
    const standIn = STAND_INS[section]?.();
    const inner = whole[section];
    if (name && isSection(inner)) inner[name] = (standIn as Section)[name];
    else if (standIn) whole[section] = standIn;
    else delete whole[section];
  }
  return whole;
}

const PREFIX = 'B2C_SIGNIN_';
const bare = (name: string) => name.replace(/[._]/g, '').toLowerCase();

/** Whether a variable names no setting, or one of a part that is lost. */
function isLost(
  variable: string,
  { lost, names }: { lost: ReadonlySet<string>; names: readonly string[] },
): boolean {
  if (!variable.startsWith(PREFIX)) return false;
  const setting = bare(variable.slice(PREFIX.length));
  return names.includes(variable) || [...lost].some((part) => setting.startsWith(bare(part)));
}

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
