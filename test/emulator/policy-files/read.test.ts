import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { checkPolicies } from '../../../dist/emulator/policy-files/check-policies.js';
import { emptyFolder } from '../../support/folder.js';
import { copyGoodChain, type PolicyName } from './good-chain.js';

/** A copy of the good chain in which one file has other bytes. */
function withBytes(
  t: TestContext,
  name: PolicyName,
  change: (text: string) => Uint8Array | string,
) {
  const folder = emptyFolder(t);
  const chain = copyGoodChain(folder);
  writeFileSync(chain.fileOf(name), change(chain.read(name)));
  return { folder, file: chain.fileOf(name) };
}

const utf16 = (text: string, isBigEndian: boolean) => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
};
const withEncoding = (text: string, encoding: string) =>
  text.replace('encoding="utf-8"', `encoding="${encoding}"`);

describe('files are read in the encodings that real ones have', () => {
  const encodings: [string, (text: string) => Uint8Array | string][] = [
    ['UTF-8 with a byte order mark', (text) => `\uFEFF${text}`],
    ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['no XML declaration', (text) => text.replace(/^<\?xml.*\n/, '')],
    ['UTF-16, little endian', (text) => utf16(withEncoding(text, 'utf-16'), false)],
    ['UTF-16, big endian', (text) => utf16(withEncoding(text, 'utf-16'), true)],
    [
      'ISO 8859-1',
      (text) =>
        Buffer.from(
          withEncoding(text, 'ISO-8859-1').replace('Loyalty number', 'Numéro de fidélité'),
          'latin1',
        ),
    ],
    ['UTF-8 that is declared as UTF-16', (text) => withEncoding(text, 'utf-16')],
  ];
  for (const [title, change] of encodings) {
    test(title, async (t) => {
      const { folder } = withBytes(t, 'extensions', change);
      const { files, errors, warnings } = await checkPolicies({ folder });
      assert.deepEqual({ files, errors, warnings }, { files: 4, errors: [], warnings: [] });
    });
  }

  test('bytes that are not UTF-8 are an error', async (t) => {
    const change = (text: string) =>
      Buffer.from(text.replace('Loyalty number', 'Numéro'), 'latin1');
    const { folder, file } = withBytes(t, 'extensions', change);
    const { errors } = await checkPolicies({ folder });
    assert.deepEqual(
      errors.filter(({ file: place }) => place === file).map(({ rule, line }) => [rule, line]),
      [['file-encoding', 1]],
    );
  });

  test('CRLF does not move lines or columns', async (t) => {
    const { folder, file } = withBytes(t, 'edit-profile', (text) =>
      text.replace('"PolicyProfile"', '"Other"').replaceAll('\n', '\r\n'),
    );
    const { errors } = await checkPolicies({ folder });
    assert.deepEqual(
      errors.map((error) => [error.rule, error.file, error.line, error.column]),
      [['relying-party-profile', file, 11, 23]],
    );
  });
});

describe('appsettings.json', () => {
  const settings = {
    Environments: [
      { Name: 'Test', Tenant: 'test.onmicrosoft.com', PolicySettings: { Host: 'test.example' } },
      { Name: 'Live', Tenant: 'live.onmicrosoft.com', PolicySettings: { Host: 'live.example' } },
    ],
  };
  const folderWith = (t: TestContext, content: string) => {
    const { folder } = withBytes(t, 'extensions', (text) =>
      text
        .replace('https://api.example.com/', 'https://{settings:host}/{Settings:PolicyFilename}/')
        .replace(
          '<DisplayName>Profile<',
          '<DisplayName>{Settings:Environment} {Settings:Filename}<',
        ),
    );
    writeFileSync(path.join(folder, 'appsettings.json'), content);
    return folder;
  };

  test('gives placeholders the values of the first environment', async (t) => {
    const { errors, warnings } = await checkPolicies({
      folder: folderWith(t, JSON.stringify(settings)),
    });
    assert.deepEqual([errors, warnings], [[], []]);
  });

  test('gives placeholders the values of a named environment, without case', async (t) => {
    const environments = settings.Environments.map((it, index) =>
      index === 0 ? { ...it, PolicySettings: {} } : it,
    );
    const folder = folderWith(t, JSON.stringify({ Environments: environments }));
    assert.equal((await checkPolicies({ folder })).warnings.length, 1);
    assert.equal((await checkPolicies({ folder, environment: 'live' })).warnings.length, 0);
  });

  test('names the known environments if the requested one does not exist', async (t) => {
    const folder = folderWith(t, JSON.stringify(settings));
    await assert.rejects(checkPolicies({ folder, environment: 'Prod' }), {
      name: 'AppSettingsError',
      message: 'appsettings.json has no environment "Prod"; it has "Test", "Live"',
    });
  });

  test('has to be JSON', async (t) => {
    await assert.rejects(checkPolicies({ folder: folderWith(t, '{') }), {
      name: 'AppSettingsError',
    });
  });

  test('of another program is left alone', async (t) => {
    const folder = folderWith(t, '{"Logging": {}}');
    const { warnings } = await checkPolicies({ folder });
    assert.equal(warnings.length, 4);
  });
});

describe('files are found', () => {
  test('recursively, without XML that is no policy', async (t) => {
    const folder = emptyFolder(t);
    const below = path.join(folder, 'one/two');
    mkdirSync(below, { recursive: true });
    copyGoodChain(below);
    writeFileSync(path.join(folder, 'pom.xml'), '<project><not closed></project>');
    writeFileSync(path.join(folder, 'notes.txt'), 'TrustFrameworkPolicy');
    const { files, errors } = await checkPolicies({ folder });
    assert.deepEqual([files, errors], [4, []]);
  });

  test('of several chains with the same ids in one folder, each with its own base', async (t) => {
    const folder = emptyFolder(t);
    for (const name of ['a', 'b']) {
      mkdirSync(path.join(folder, name));
      copyGoodChain(path.join(folder, name));
    }
    const chain = copyGoodChain(path.join(folder, 'b'));
    writeFileSync(
      chain.fileOf('base'),
      chain.read('base').replaceAll('shop.onmicrosoft.com', 'store.onmicrosoft.com'),
    );
    const { files, errors } = await checkPolicies({ folder });
    assert.equal(files, 8);
    assert.deepEqual(
      errors.map(({ rule, file }) => [rule, file]),
      [['tenant-mismatch', chain.fileOf('extensions')]],
    );
  });

  test('in a chain of 10 levels, and not of 11', async (t) => {
    const folder = emptyFolder(t);
    const chain = copyGoodChain(folder);
    const level = (number: number) =>
      chain
        .read('edit-profile')
        .replaceAll('B2C_1A_EditProfile', `B2C_1A_Level${number}`)
        .replace(
          'B2C_1A_Extensions',
          number === 3 ? 'B2C_1A_Extensions' : `B2C_1A_Level${number - 1}`,
        )
        .replace(/<RelyingParty>[\s\S]*<\/RelyingParty>/, '');
    for (let number = 3; number <= 11; number += 1) {
      writeFileSync(path.join(folder, `level-${number}.xml`), level(number));
    }
    const { errors } = await checkPolicies({ folder });
    assert.deepEqual(
      errors.map(({ rule, file }) => [rule, path.basename(file)]),
      [['chain-too-long', 'level-11.xml']],
    );
  });
});
