// Every code block of the documents is what it says it is. Those with the name of a file behind their
// language run: the files of JavaScript and TypeScript in test/package, the others in readme.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { parseConfiguration } from '../../dist/emulator/definition/parse-configuration.js';
import { parseAnswers } from '../../dist/emulator/policy-runs/answers.js';
import { parseCommandLine } from '../../dist/program/command-line.js';
import { type Block, blocksOf, DOCUMENTS, readDocument } from '../support/examples.js';

const examples = DOCUMENTS.flatMap(blocksOf);
const titled = (language: string): [title: string, example: Block][] =>
  examples
    .filter((example) => example.language === language)
    .map((example) => [`${example.document}:${example.line}`, example]);

/** The configuration that a partial example is merged into. */
const WHOLE = {
  tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' },
  client: { id: '11111111-1111-1111-1111-111111111111', secret: 'client-secret' },
  policies: { signIn: 'B2C_1_susi' },
  session: { secrets: ['a-secret-of-at-least-32-characters'] },
};

const SECRET = 'a-secret-of-at-least-32-characters';

/** Has every variable; among those that it lists are the ones that a file from elsewhere needs besides. */
const environment = (listed: Record<string, string>) =>
  new Proxy(listed, {
    get: () => SECRET,
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: SECRET }),
  });

function parseAsConfig(given: Record<string, unknown>): void {
  const isFromElsewhere = 'b2c' in given || 'AzureAdB2C' in given;
  const isWhole = isFromElsewhere || 'tenant' in given;
  parseConfig(isWhole ? given : { ...WHOLE, ...given }, {
    env: environment(isFromElsewhere ? { B2C_SIGNIN_SESSION_SECRETS: SECRET } : {}),
    readFile: (name, { encoding = 'utf8' }) =>
      Buffer.from(FILES_WITH_FORM[name] ?? SECRET).toString(encoding),
    resolvePath: String,
    isFolder: () => true,
  });
}

const { key, cert } = createCertificate();
/** Files of the examples that need a certain form. */
const FILES_WITH_FORM: Record<string, string> = {
  'client-key.pem': key,
  'client-certificate.pem': cert,
  'logo.svg': '<svg/>',
};

/** For the tenant that is started, not for the application. */
const isOfEmulator = ({ document, file, text }: Block): boolean =>
  file === 'tenant.json' ||
  document.startsWith('docs/emulator/') ||
  document.startsWith('docs/custom-policies') ||
  (document === 'docs/migrate-to-external-id.md' && /^\{\s*"port"/.test(text));

const english = JSON.parse(readDocument('templates/languages/en.json'));

describe('JSON is JSON, and a configuration is without faults', () => {
  const blocks = titled('json');
  assert.ok(blocks.length > 12);
  for (const [title, example] of blocks) {
    test(title, () => {
      const value = JSON.parse(example.text);
      // One of the doctor's checks.
      if ('status' in value) return;
      // A report and an appsettings.json: test/emulator/policy-files/documents.test.ts has them.
      if (example.document === 'docs/custom-policies/check.md') return;
      if (Array.isArray(value)) parseAnswers(value);
      else if (isOfEmulator(example)) parseConfiguration(example.text);
      else if (example.document === 'docs/customize-pages.md' && !('site' in value)) {
        assertTexts(value, english);
      } else parseAsConfig(value);
    });
  }
});

/** Each of the texts has its place in the file of a language. */
function assertTexts(texts: object, places: Record<string, unknown>): void {
  for (const [name, text] of Object.entries(texts)) {
    assert.ok(name in places, name);
    if (typeof text === 'object') assertTexts(text, places[name] as Record<string, unknown>);
  }
}

describe('commands of this program and of npm exist', () => {
  const { scripts } = JSON.parse(readDocument('package.json'));
  const blocks = titled('sh');
  assert.ok(blocks.length > 8);
  for (const [title, { text }] of blocks) {
    test(title, () => {
      for (const line of text.split('\n')) {
        for (const command of line.replace(/\s#.*/, '').split(/\s*(?:&&|[|;])\s*/)) {
          assertCommand(command.trim().split(/\s+/), scripts);
        }
      }
    });
  }
});

const FILES = new Set([...titled('js'), ...titled('ts')].map(([, { file }]) => file));

function assertCommand([program, ...words]: string[], scripts: Record<string, string>): void {
  if (program === 'node') {
    // A separate example, which a document shows under that name.
    if (FILES.has(String(words[0])) || words[0] === '--test') return;
    assert.equal(words[0], 'dist/server.js');
    const { kind, ...rest } = parseCommandLine(words.slice(1), '0.0.0');
    assert.notEqual(kind, 'wrong-usage', JSON.stringify(rest));
  }
  if (program !== 'npm') return;
  const [verb = '', name = ''] = words;
  const script = verb === 'run' ? name : ['start', 'test'].includes(verb) ? verb : undefined;
  if (script) assert.ok(scripts[script], `npm run ${script}`);
  else
    assert.ok(['ci', 'init', 'install', 'pack', 'pkg', 'publish', 'version'].includes(verb), verb);
}

describe('JavaScript without a file has no fault of syntax', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-examples-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const blocks = [...titled('js'), ...titled('ts')].filter(([, { file }]) => !file);
  assert.ok(blocks.length >= 4);
  for (const [title, { text }] of blocks) {
    test(title, () => {
      const file = path.join(folder, `${title.replaceAll(/\W/g, '-')}.mjs`);
      writeFileSync(file, text);
      execFileSync(process.execPath, ['--check', file], { stdio: 'pipe' });
    });
  }
});

test('a language is one that is looked at here, or has no checker', () => {
  const looked = ['json', 'sh', 'js', 'ts'];
  const others = [
    'mermaid',
    'yaml',
    'ini',
    'caddyfile',
    'dockerfile',
    'text',
    'nginx',
    'html',
    'apache',
  ];
  for (const { document, line, language } of examples) {
    assert.ok([...looked, ...others].includes(language), `${document}:${line} ${language}`);
  }
});
