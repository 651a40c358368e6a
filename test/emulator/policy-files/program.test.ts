import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type PoliciesCommand, runPolicies } from '../../../dist/emulator/policy-files/program.js';
import { parseCommandLine } from '../../../dist/program/command-line.js';
import { emptyFolder } from '../../support/folder.js';
import { copyGoodChain, GOOD_CHAIN } from './good-chain.js';

const plain = (_style: string, text: string) => text;

function run(command: Partial<PoliciesCommand>, paint = plain) {
  const defaults = { action: 'check', folder: GOOD_CHAIN, format: 'text' } as const;
  return runPolicies({ ...defaults, policy: undefined, environment: undefined, ...command }, paint);
}

/** A chain with one error and one warning, both in the profile policy. */
function brokenChain(t: TestContext) {
  const folder = emptyFolder(t);
  const chain = copyGoodChain(folder);
  const file = chain.fileOf('edit-profile');
  const text = chain
    .read('edit-profile')
    .replace('"EditProfile"', '"EditProfil"')
    .replace('Id="PolicyProfile"', 'Id="PolicyProfile" Kind="x,y"');
  writeFileSync(file, text);
  return { folder, file };
}

describe('policies check', () => {
  test('prints the counts and exits with 0 when there is no error', async () => {
    const { output, exitCode } = await run({});
    assert.deepEqual([output, exitCode], ['4 policy files, 0 errors, 0 warnings', 0]);
  });

  test('prints one line for each fault, with its place, and exits with 1', async (t) => {
    const { folder, file } = brokenChain(t);
    const { output, exitCode } = await run({ folder });
    assert.equal(exitCode, 1);
    assert.deepEqual(output.split('\n'), [
      `${file}:10:25: error unknown-user-journey There is no user journey "EditProfil"; did you mean "EditProfile"? Fix: Add it to UserJourneys, or correct the id.`,
      `${file}:11:42: error unknown-attribute TechnicalProfile has no attribute Kind. Fix: Correct the name, or remove it.`,
      '4 policy files, 2 errors, 0 warnings',
    ]);
  });

  test('paints severity and place on a terminal', async (t) => {
    const { folder } = brokenChain(t);
    const { output } = await run({ folder }, (style, text) => `<${style}>${text}</${style}>`);
    assert.match(
      output,
      /^<bold>.*:10:25:<\/bold> <red>error<\/red> unknown-user-journey .* <dim>Fix: /,
    );
  });

  test('--json gives the faults as data', async (t) => {
    const { folder, file } = brokenChain(t);
    const { output, exitCode } = await run({ folder, format: 'json' });
    const { files, errors, warnings } = JSON.parse(output);
    assert.deepEqual([files, errors.length, warnings, exitCode], [4, 2, [], 1]);
    assert.deepEqual(errors[0], {
      rule: 'unknown-user-journey',
      message: 'There is no user journey "EditProfil"; did you mean "EditProfile"?',
      fix: 'Add it to UserJourneys, or correct the id.',
      file,
      line: 10,
      column: 25,
    });
  });

  test('--format github gives annotations', async (t) => {
    const { folder, file } = brokenChain(t);
    const { output } = await run({ folder, format: 'github' });
    assert.equal(
      output.split('\n')[1],
      `::error file=${file},line=11,col=42,title=unknown-attribute::TechnicalProfile has no attribute Kind. Fix: Correct the name, or remove it.`,
    );
  });

  test('exits with 2 for a folder that is not there, that is a file, or that has no policy', async (t) => {
    for (const folder of ['/nowhere', path.join(GOOD_CHAIN, 'base.xml'), emptyFolder(t)]) {
      const { exitCode, problem } = await run({ folder });
      assert.equal(exitCode, 2, folder);
      assert.notEqual(problem, '');
    }
  });

  test('exits with 2 for an unknown environment', async () => {
    const { exitCode, problem } = await run({ environment: 'Live' });
    assert.equal(exitCode, 2);
    assert.match(problem, /^Cannot read the policies: there is no appsettings\.json/);
  });
});

describe('policies show', () => {
  const show = (policy: string, more: Partial<PoliciesCommand> = {}) =>
    run({ action: 'show', policy, ...more });

  test('prints the merged policy, each element with its file and line', async () => {
    const { output, exitCode } = await show('b2c_1a_signuporsignin');
    assert.equal(exitCode, 0);
    const lines = output.split('\n');
    const place = (text: string) => {
      const found = lines.find((line) => line.includes(text))?.split(/\s{2,}/)[0] ?? '';
      const [, file = '', line = ''] = /^(.*):(\d+)$/.exec(found) ?? [];
      return readFileSync(file, 'utf8').split('\n')[Number(line) - 1]?.trim();
    };
    assert.equal(
      place('Item Key="client_id" shop-at-social'),
      '<Item Key="client_id">shop-at-social</Item>',
    );
    assert.equal(
      place('"extension_loyalty" PartnerClaimType="loyalty"'),
      '<OutputClaim ClaimTypeReferenceId="extension_loyalty" PartnerClaimType="loyalty" />',
    );
    assert.ok(lines.some((line) => /extensions\.xml:\d+ .*Enumeration Text="Water"/.test(line)));
    assert.ok(lines.some((line) => /base\.xml:\d+ .*Enumeration Text="Tea"/.test(line)));
  });

  test('--json gives the same as data', async () => {
    const { output } = await show('B2C_1A_EditProfile', { format: 'json' });
    const policy = JSON.parse(output);
    assert.equal(policy.element, 'TrustFrameworkPolicy');
    assert.equal(policy.attributes.PolicyId.value, 'B2C_1A_EditProfile');
    const part = (name: string) =>
      policy.children.find((child: { element: string }) => child.element === name);
    assert.deepEqual(
      policy.children.map(({ element }: { element: string }) => element),
      ['BuildingBlocks', 'ClaimsProviders', 'UserJourneys', 'SubJourneys', 'RelyingParty'],
    );
    const profiles = part('ClaimsProviders').children;
    const create = profiles.find(
      (it: { attributes: { Id: { value: string } } }) =>
        it.attributes.Id.value === 'Directory-Create',
    );
    const protocol = create.children.find((it: { element: string }) => it.element === 'Protocol');
    assert.equal(path.basename(protocol.file), 'base.xml');
    assert.ok(protocol.line > 1);
  });

  test('exits with 2 for an unknown policy, and names the one that was meant', async () => {
    const { problem, exitCode } = await show('B2C_1A_EditProfil');
    assert.deepEqual([exitCode, problem.endsWith('did you mean "B2C_1A_EditProfile"?')], [2, true]);
  });

  test('exits with 1 for a policy without its base', async (t) => {
    const folder = emptyFolder(t);
    writeFileSync(
      path.join(folder, 'a.xml'),
      readFileSync(path.join(GOOD_CHAIN, 'edit-profile.xml')),
    );
    const { exitCode, output, problem } = await show('B2C_1A_EditProfile', { folder });
    assert.deepEqual([exitCode, output], [1, '']);
    assert.match(problem, /has a gap/);
  });
});

describe('the command line', () => {
  const parse = (line: string) => parseCommandLine(line.split(' '), '1');

  test('takes check and show with their options', () => {
    assert.deepEqual(parse('policies check folder --environment Live --format github'), {
      kind: 'policies',
      action: 'check',
      folder: 'folder',
      policy: undefined,
      environment: 'Live',
      format: 'github',
    });
    assert.deepEqual(parse('policies show folder B2C_1A_X --json'), {
      kind: 'policies',
      action: 'show',
      folder: 'folder',
      policy: 'B2C_1A_X',
      environment: undefined,
      format: 'json',
    });
  });

  const wrong: [string, RegExp][] = [
    ['policies', /takes check, show or run/],
    ['policies chek folder', /did you mean "check"\?/],
    ['policies check', /takes a folder/],
    ['policies show folder', /takes a folder and a policy/],
    ['policies check folder policy', /does not take "policy"/],
    ['policies check folder --format xml', /--format takes text, json, github/],
    ['policies check folder --enviroment Live', /--environment/],
    ['policies check folder --port 1', /--port is not an option/],
  ];
  for (const [line, expected] of wrong) {
    test(`refuses: ${line}`, () => {
      const command = parse(line);
      assert.equal(command.kind, 'wrong-usage');
      assert.match('text' in command ? command.text : '', expected);
    });
  }

  test('ends with the exit code and without colors in a pipe', async (t) => {
    const { folder, file } = brokenChain(t);
    const server = fileURLToPath(new URL('../../../dist/server.js', import.meta.url));
    const { code, stdout, stderr } = await new Promise<{
      code: unknown;
      stdout: string;
      stderr: string;
    }>((resolve) => {
      execFile(process.execPath, [server, 'policies', 'check', folder], (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });
    assert.deepEqual([code, stderr], [1, '']);
    assert.ok(stdout.startsWith(`${file}:10:25: error unknown-user-journey `));
  });
});
