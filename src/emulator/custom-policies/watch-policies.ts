/** Serves the policies of a folder, and takes changes of its files over while the tenant runs. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { AppSettingsError } from '../policy-files/app-settings.ts';
import { findXmlFiles } from '../policy-files/find-files.ts';
import type { PolicyFault, RuleId } from '../policy-files/rules.ts';
import { type LoadedPolicies, loadPolicies, type ServedPolicy } from './load-policies.ts';

export interface PolicyFolderOptions {
  folder: string;
  /** Environment of `appsettings.json`. Default: the first. */
  environment?: string | undefined;
}

/** The policies that run. Those with a new error are still as they were before. */
export interface PolicyUpdate {
  readonly policies: readonly ServedPolicy[];
  readonly errors: readonly PolicyFault[];
  /** Names of the policies that changed, came or went. */
  readonly changed: readonly string[];
  /** Names of the policies that run as they were before an error. */
  readonly kept: readonly string[];
  /** The files could not be read at all. */
  readonly problem?: string;
}

// Half of the second within which a saved file has to be in effect.
const INTERVAL_MS = 400;

/**
 * Reads the folder, and again whenever a file has changed. Returns a function that stops it.
 * @throws Error if the folder cannot be read at the start
 */
export async function watchPolicies(
  options: PolicyFolderOptions,
  update: (update: PolicyUpdate) => void,
): Promise<() => void> {
  let state: FileState = new Map();
  let policies: readonly ServedPolicy[] = [];
  const read = async (next: FileState) => {
    const loaded = await loadPolicies(options);
    const isTouched = (file: string) => state.get(file) !== next.get(file);
    const before = policies;
    policies = keepGood(policies, loaded);
    const kept = policies.filter((policy) => !loaded.policies.includes(policy));
    const replaced = [...before, ...policies].filter(
      (policy) => before.includes(policy) !== policies.includes(policy),
    );
    const changed = replaced.filter(({ model }) => model.files.some(isTouched));
    state = next;
    update({ policies, errors: loaded.errors, changed: namesOf(changed), kept: namesOf(kept) });
  };
  // A faulty appsettings.json is reported once for each change of it.
  const tell = (problem: string) => {
    state = fileState(options.folder);
    update({ policies, errors: [], changed: [], kept: namesOf(policies), problem });
  };
  await read(fileState(options.folder));
  let isReading = false;
  const check = async () => {
    if (isReading) return;
    isReading = true;
    try {
      const next = fileState(options.folder);
      const files = new Set([...state.keys(), ...next.keys()]);
      if ([...files].some((file) => state.get(file) !== next.get(file))) await read(next);
    } catch (error) {
      // A folder that is missing is being replaced, as by a branch switch. The next check reads it.
      if (error instanceof AppSettingsError) tell(error.message);
    } finally {
      isReading = false;
    }
  };
  // An interval sees what an editor or a container volume does, which file events do not always tell.
  const timer = setInterval(check, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Time of change and size, by path. */
type FileState = ReadonlyMap<string, string>;

function fileState(folder: string): FileState {
  const files = [...findXmlFiles(folder), path.join(folder, 'appsettings.json')];
  return new Map(
    files.flatMap((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found ? [[file, `${found.mtimeMs} ${found.size}`]] : [];
    }),
  );
}

const namesOf = (policies: readonly ServedPolicy[]): string[] => [
  ...new Set(policies.map(({ settings }) => settings.name)),
];

/** A policy whose files have an error that they did not have before stays as it is. */
function keepGood(old: readonly ServedPolicy[], { policies, errors }: LoadedPolicies) {
  const byName = new Map(policies.map((policy) => [nameOf(policy), policy]));
  const kept = old.flatMap((known) => {
    const next = byName.get(nameOf(known));
    byName.delete(nameOf(known));
    // Without a definition: its chain is broken, or its file was deleted.
    if (!next) return errors.some(({ file }) => known.model.files.includes(file)) ? [known] : [];
    return hasNewError(known, next) ? [known] : [next];
  });
  return [...kept, ...byName.values()];
}

const nameOf = ({ settings }: ServedPolicy): string => settings.name.toLowerCase();

// Only a tenant refuses these: the emulator shows such pages and calls such services.
const TOLERATED: readonly RuleId[] = [
  ...(['load-uri', 'rest-without-authentication', 'extension-attribute'] as const),
  ...(['tenant-mismatch', 'policy-id-taken'] as const),
];

function hasNewError(known: ServedPolicy, next: ServedPolicy): boolean {
  const describe = ({ rule, file, message }: PolicyFault) => `${rule} ${file} ${message}`;
  const before = new Set(known.errors.map(describe));
  return next.errors.some(
    (error) => !before.has(describe(error)) && !TOLERATED.includes(error.rule),
  );
}
