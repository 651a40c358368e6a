import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta/core';
import { SignInError } from '../errors.ts';

/** The folder of the templates that come with this package. */
export const BUILT_IN_TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));

/** Templates and style sheets of a site, read once: rendering reads no files. */
export interface Templates {
  /** Renders `<name>.eta` with `it` as the template's data. */
  render(name: string, it: object): string;
  /** Renders it inside `layout.eta`, which gets it as `it.body`. Changes `it`. */
  renderPage(name: string, it: object & { body?: string }): string;
  asset(fileName: string): StaticFile;
}

/** A static file, with a name that changes with its content. */
export interface StaticFile {
  hashedName: string;
  integrity: string;
  body: Buffer;
}

export function toStaticFile(fileName: string, body: Buffer): StaticFile {
  const hash = createHash('sha256').update(body).digest();
  const { name, ext } = path.parse(fileName);
  return {
    hashedName: `${name}-${hash.toString('hex').slice(0, 12)}${ext}`,
    integrity: `sha256-${hash.toString('base64')}`,
    body,
  };
}

/**
 * Reads every file of `folders`, without subfolders. A file of a later folder replaces the one with the same
 * name.
 * @throws SignInError `config_invalid` when a folder is missing or a template does not compile
 */
export function loadTemplates(folders: readonly string[]): Templates {
  const eta = new Eta({ cache: true, useWith: false });
  const assets = new Map<string, Buffer>();
  for (const [fileName, file] of readFiles(folders)) {
    if (fileName.endsWith('.eta')) {
      compile(eta, fileName, file.toString('utf8'));
    } else {
      assets.set(fileName, file);
    }
  }
  return {
    render: (name, it) => eta.render(`@${name}`, it),
    // Not with Eta's `layout()`, which takes ten times as long as the two renderings.
    renderPage(name, it) {
      it.body = eta.render(`@${name}`, it);
      return eta.render('@layout', it);
    },
    asset(fileName) {
      const body = assets.get(fileName);
      if (!body) throw invalid(`${fileName} is in none of ${folders.join(', ')}`);
      return toStaticFile(fileName, body);
    },
  };
}

function compile(eta: Eta, fileName: string, text: string): void {
  try {
    eta.loadTemplate(`@${fileName.slice(0, -'.eta'.length)}`, text);
  } catch (error) {
    throw invalid(`${fileName} does not compile: ${(error as Error).message}`);
  }
}

const invalid = (problem: string) => new SignInError('config_invalid', `templates: ${problem}`);

function readFiles(folders: readonly string[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const folder of folders) {
    if (!existsSync(folder)) throw invalid(`the folder ${folder} does not exist`);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isFile()) files.set(entry.name, readFileSync(path.join(folder, entry.name)));
    }
  }
  return files;
}
