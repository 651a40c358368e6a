// Names in the sentences of a document exist: commands, options, variables, settings, files, and words of
// the program.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { settingTypes } from '../../dist/config/environment.js';
import { parseCommandLine } from '../../dist/program/command-line.js';
import { DOCUMENTS, ROOT, readDocument, sentencesOf } from '../support/examples.js';

/** These speak of other programs, which the tests in test/moving know. */
const ownDocuments = DOCUMENTS.filter((name) => !/^docs\/migrate(\/|\.md)/.test(name));

/** The inline code in the sentences of a document. */
function mentionsIn(document: string): string[] {
  return [...sentencesOf(document).matchAll(/`([^`]+)`/g)].map(([, mention = '']) =>
    mention.replaceAll('\n', ' '),
  );
}

/** A test for each document, of those of its mentions that look like something. */
function eachMention(looks: RegExp, check: (mention: string) => void, documents = ownDocuments) {
  let count = 0;
  for (const document of documents) {
    const found = mentionsIn(document).filter((mention) => looks.test(mention));
    count += found.length;
    if (found.length > 0) test(document, () => found.forEach(check));
  }
  assert.ok(count > 5, `${count} mentions`);
}

const helpOf = (command: string) => {
  const parsed = parseCommandLine([...(command ? [command] : []), '--help'], '0.0.0');
  return parsed.kind === 'print' ? parsed.text : '';
};
const optionsIn = (text: string) => [...new Set(text.match(/--[a-z][a-z-]*/g))];
const HELP = ['', 'emulator', 'check-config', 'doctor', 'policies'].map(helpOf).join('\n');

describe('npm knows the scripts that are named', () => {
  const { scripts } = JSON.parse(readDocument('package.json'));
  for (const document of DOCUMENTS) {
    test(document, () => {
      for (const [, name = ''] of readDocument(document).matchAll(/npm run ([a-z:-]+)/g)) {
        assert.ok(name in scripts, name);
      }
    });
  }
});

test('every script of npm has a place in the documents', () => {
  const { scripts } = JSON.parse(readDocument('package.json'));
  const text = DOCUMENTS.map(readDocument).join('\n');
  // npm itself runs those that begin with "pre".
  for (const name of Object.keys(scripts).filter((one) => !one.startsWith('pre'))) {
    assert.match(text, new RegExp(`npm (run )?${name}\\b`), name);
  }
});

describe('the program takes the commands that are named', () => {
  eachMention(/^(node dist\/server\.js|(npx )?b2c-signin) (?!…)/, (mention) => {
    const [, args = ''] = mention.replace(/\bN\b/, '1').split(/server\.js |b2c-signin /);
    const { kind, ...rest } = parseCommandLine(args.split(' '), '0.0.0');
    assert.notEqual(kind, 'wrong-usage', JSON.stringify(rest));
  });
});

describe('the program has the options that are named', () => {
  // Those behind the name of another program are its own.
  eachMention(
    /^(?!(npm|git|docker|curl|systemctl|node --test) |.*&& npm )(.* )?--[a-z]/,
    (mention) => {
      for (const option of optionsIn(mention)) assert.ok(optionsIn(HELP).includes(option), mention);
    },
  );
});

test('every option has a place in the documents', () => {
  const text = ownDocuments.flatMap(mentionsIn).join('\n');
  for (const option of optionsIn(HELP)) assert.ok(optionsIn(text).includes(option), option);
});

test('docs/cli.md has every option of each command', () => {
  const sections = readDocument('docs/cli.md').split(/^## /m);
  for (const command of ['', 'emulator', 'check-config', 'doctor', 'policies']) {
    const section = sections.find((text) => text.startsWith(`${command || 'Server'}\n`)) ?? '';
    // Every command takes --help.
    const options = optionsIn(helpOf(command)).filter((option) => option !== '--help');
    assert.ok(options.length > 0, command);
    assert.deepEqual(
      options.filter((option) => !section.includes(option)),
      [],
    );
  }
});

const settings = [...settingTypes(JSON.parse(readDocument('config.schema.json'))).keys()];
const isSetting = (name: string) =>
  settings.some(
    (one) => one === name || one.startsWith(`${name}.`) || one === name.replace(/\.\w+$/, '.*'),
  );

test('the variables that are named are those of settings', () => {
  const plain = (name: string) => name.replaceAll(/[._]/g, '').toLowerCase();
  const known = settings.map(plain);
  const named =
    DOCUMENTS.map(readDocument)
      .join('\n')
      .match(/B2C_SIGNIN_[A-Z_]+[A-Z]/g) ?? [];
  assert.ok(named.length > 8);
  for (const name of named) assert.ok(known.includes(plain(name.slice(11))), name);
});

describe('the settings that are named exist', () => {
  const sections = [...new Set(settings.map((name) => name.split('.')[0]))].join('|');
  // The emulator has different settings. Some check IDs of the doctor, and members of templates, look like settings.
  const others = /^docs\/(emulator(\/.*)?|doctor|templates)\.md$/;
  eachMention(
    new RegExp(`^(${sections})(\\.(?!ts$)\\w+)+$`),
    (mention) => assert.ok(isSetting(mention), mention),
    ownDocuments.filter((document) => !others.test(document)),
  );
});

test('the metrics that alerts ask for exist', () => {
  // A test of the metrics holds the table to what is answered.
  const [table = '', alerts = ''] = readDocument('docs/monitor.md').split('## Alerts');
  const asked = new Set(alerts.match(/\bb2c_signin_\w+/g));
  assert.ok(asked.size > 4);
  for (const metric of asked) {
    assert.ok(table.includes(`| \`${metric.replace(/_(bucket|count|sum)$/, '')}\` |`), metric);
  }
});

describe('the files that are named exist', () => {
  const places = ['', 'src', 'templates', 'docs', 'test'];
  eachMention(/^[a-z][\w/-]*\/[\w.-]+\.[a-z]+$/, (mention) => {
    const exists = places.some((place) => existsSync(path.join(ROOT, place, mention)));
    assert.ok(exists || mention.startsWith('dist/'), mention);
  });
});

describe('names and words in code are somewhere in the code', () => {
  const folders = ['src', 'test/support', 'templates', 'docs/gate'];
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const compose = path.join(ROOT, 'compose.yaml');
  const code = [...files, compose].map((file) => readFileSync(file, 'utf8')).join('\n');
  const OF_OTHERS = [
    ...[
      'copy_headers',
      'trusted_proxies',
      'xff_num_trusted_hops',
      'issuerBaseURL',
      'moduleResolution',
      'trustFrameworkPolicy',
      'postMessage',
      'proxy_protocol',
      'broadcastResponseToMainFrame',
      'mod_auth_openidc',
      'rewriteRelativeImportExtensions',
      'postLogoutRedirectUri',
      'logoutPopup',
      // A function of an example.
      'createScopeGuard',
    ],
    ...['postLogoutRedirectUri', 'logoutPopup'],
    ...['preStop', 'terminationGracePeriodSeconds', 'topologySpreadConstraints'],
  ];
  // snake_case and camelCase, with or without brackets behind.
  eachMention(/^[a-z]+(_[a-z0-9]+|[A-Z][a-z0-9]*)+(\(\))?$/, (mention) => {
    const word = mention.replace('()', '');
    assert.ok(OF_OTHERS.includes(word) || new RegExp(`\\b${word}\\b`).test(code), word);
  });
});
