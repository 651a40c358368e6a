import { type AppSettings, readAppSettings } from './app-settings.ts';
import { type Chain, checkBaseTenant, linkChains } from './chains.ts';
import { checkHead, checkPlaceholders } from './check-head.ts';
import { checkReferences } from './check-references.ts';
import { checkStructure } from './check-structure.ts';
import type { FaultCollection } from './collect-faults.ts';
import { findXmlFiles } from './find-files.ts';
import type { Sax } from './parse-xml.ts';
import { type PolicyFile, readPolicyFile } from './policy-file.ts';

export interface PolicyFolder {
  readonly files: readonly PolicyFile[];
  /** By the file at their end. A file whose base policy is missing has none. */
  readonly chains: ReadonlyMap<PolicyFile, Chain>;
  readonly settings: AppSettings | undefined;
}

/** Reads every policy below a folder and checks each file by itself and with those it inherits from. */
export async function readPolicies(
  { folder, environment }: { folder: string; environment?: string | undefined },
  faults: FaultCollection,
): Promise<PolicyFolder> {
  const sax = await loadSax();
  const settings = readAppSettings(folder, environment);
  const { report } = faults;
  const files = findXmlFiles(folder).flatMap(
    (file) => readPolicyFile(file, { sax, settings, report }) ?? [],
  );
  for (const file of files) {
    checkStructure(file.root, faults);
    checkHead(file.root, report);
    checkPlaceholders(file.root, report);
  }
  const chains = linkChains(files, faults);
  for (const chain of chains.values()) {
    checkBaseTenant(chain, report);
    checkReferences(chain, faults);
  }
  return { files, chains, settings };
}

async function loadSax(): Promise<Sax> {
  try {
    const { default: sax } = (await import('sax')) as unknown as { default: Sax };
    return sax;
  } catch (cause) {
    throw new Error('the package "sax" reads policies and is not installed: npm install sax', {
      cause,
    });
  }
}
