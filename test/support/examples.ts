// The documents, their examples, and what these import.
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const LIBRARIES = path.join(ROOT, 'test/clients/node_modules');

/** Every document for people, by its path from the root. */
export const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll(path.sep, '/')}`),
];

export const readDocument = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** A code block. */
export interface Block {
  document: string;
  line: number;
  language: string;
  /** The file name after the language. */
  file: string | undefined;
  text: string;
}

/** The code blocks of a document, those in lists too. */
export function blocksOf(document: string): Block[] {
  const text = readDocument(document);
  return [...text.matchAll(/^( *)```([a-z]*)(?: (\S+))?\n(.*?)^ *```$/gms)].map(
    ({ 1: margin = '', 2: language = '', 3: file, 4: code = '', index }) => ({
      document,
      line: text.slice(0, index).split('\n').length,
      language,
      file,
      text: code.replaceAll(new RegExp(`^${margin}`, 'gm'), ''),
    }),
  );
}

/** A document without its code blocks. */
export const sentencesOf = (document: string): string =>
  readDocument(document).replaceAll(/^ *```.*?^ *```$/gms, '');

/** The links of a document to files of the repository, with their anchors. */
export const linksIn = (document: string): { target: string; anchor: string | undefined }[] =>
  [...readDocument(document).matchAll(/\]\((?!https?:)([^)\s]+)\)|src="(?!https?:)([^"]+)"/g)].map(
    ([, link, picture]) => {
      const [file = '', anchor] = (link ?? picture ?? '').split('#');
      const target = file ? path.posix.join(path.posix.dirname(document), file) : document;
      return { target, anchor };
    },
  );

/** The code blocks that have the name of a file behind their language. */
export const examplesOf = (document: string): Map<string, string> =>
  new Map(blocksOf(document).flatMap(({ file, text }) => (file ? [[file, text]] : [])));

/** Lets the modules of a folder find a package that is installed elsewhere. */
export function linkPackage(folder: string, name: string, from: string, realName = name): void {
  const place = path.join(folder, 'node_modules', name);
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(path.join(from, realName), place, 'junction');
}
