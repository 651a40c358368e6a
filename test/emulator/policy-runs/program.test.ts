import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type RunCommand, runPolicyCommand } from '../../../dist/emulator/policy-runs/program.js';
import { parseCommandLine } from '../../../dist/program/command-line.js';
import { ownPolicy, SIGN_UP_OR_SIGN_IN } from '../policy/own-policy.js';

const plain = (_style: string, text: string) => text;

function command(t: TestContext, answers: unknown, options: Partial<RunCommand> = {}) {
  const { folder } = ownPolicy(t, {
    steps: SIGN_UP_OR_SIGN_IN,
    token: ['objectId PartnerClaimType="sub"'],
  });
  const file = path.join(folder, 'answers.json');
  writeFileSync(file, typeof answers === 'string' ? answers : JSON.stringify(answers));
  return {
    file,
    folder,
    run: (paint = plain) =>
      runPolicyCommand(
        {
          ...{ action: 'run', folder, policy: 'B2C_1A_Own', environment: undefined },
          ...{ answers: [file], coverage: false, isJson: false, ...options },
        },
        paint,
      ),
  };
}

const SIGN_IN = [{ fill: { signInName: 'alice@example.com', password: 'Pass@word1' } }];

describe('policies run', () => {
  test('prints steps, what changed and why a step was skipped, then the token, and exits with 0', async (t) => {
    const { run, folder } = command(t, SIGN_IN);
    const { output, exitCode } = await run();
    assert.equal(exitCode, 0);
    const lines = output
      .replaceAll(folder, '')
      .replace(/own\.xml:\d+/g, 'own.xml')
      .split('\n');
    assert.deepEqual(lines, [
      'Own 1 CombinedSignInAndSignUp /own.xml',
      '  page page.signin',
      '  exchange Form-SignIn (self-asserted) session Session-Local: runs',
      '    validation Password-Check (openid-connect)',
      '      in username="alice@example.com" password="•••" grant_type="password"',
      '      out oid="f0b6e55f-0000-4000-8000-00000000e001" tid="f0b6e55f-0000-4000-8000-000000000001" given_name="Alice" family_name="Example" name="Alice Example" upn="f0b6e55f-0000-4000-8000-00000000e001@shop.onmicrosoft.com"',
      '    out signinname="alice@example.com" objectid="f0b6e55f-0000-4000-8000-00000000e001"',
      '  + signInName = "alice@example.com"',
      '  + objectId = "f0b6e55f-0000-4000-8000-00000000e001"',
      'Own 2 ClaimsExchange skipped /own.xml',
      '  ClaimsExist objectId: the claim has the value f0b6e55f-0000-4000-8000-00000000e001, skips (ExecuteActionsIf true)',
      'Own 3 SendClaims /own.xml',
      '  issuer JwtIssuer (jwt-issuer)',
      '    out sub="f0b6e55f-0000-4000-8000-00000000e001"',
      'token',
      '  sub: "f0b6e55f-0000-4000-8000-00000000e001"',
    ]);
  });

  test('uses colors only where the terminal has them', async (t) => {
    const { output } = await command(t, SIGN_IN).run((style, text) => `<${style}>${text}</>`);
    assert.match(output, /^<bold>Own 1 CombinedSignInAndSignUp<\/>/);
    assert.match(output, /<green>token<\/>/);
  });

  test('exits with 1 at a page that waits, and says what it has', async (t) => {
    const { output, exitCode } = await command(t, []).run();
    assert.equal(exitCode, 1);
    assert.match(
      output,
      /The page page\.signin is open\. Fields: signInName, password\. Buttons: /,
    );
  });

  test('exits with 1 after an error, and prints the code', async (t) => {
    const { output, exitCode } = await command(t, [{ press: 'forgotPassword' }]).run();
    assert.equal(exitCode, 1);
    assert.match(output, /^error AADB2C90118: /m);
  });

  test('exits with 1 at an answer that does not fit, after the trace', async (t) => {
    const { output, exitCode } = await command(t, [{ page: 'page.form' }]).run();
    assert.equal(exitCode, 1);
    assert.match(
      output,
      /^Own 1 [\s\S]*\nAnswer 1 is for the page page\.form\. The page page\.signin/,
    );
  });

  test('--json gives what runPolicy gives', async (t) => {
    const { output } = await command(t, SIGN_IN, { isJson: true }).run();
    const { outcome, claims, trace, branches } = JSON.parse(output);
    assert.deepEqual([outcome, Object.keys(claims)], ['token', ['sub']]);
    assert.deepEqual([trace.length, branches.length], [3, 8]);
  });

  test('--coverage adds what was not reached', async (t) => {
    const { output } = await command(t, SIGN_IN, { coverage: true }).run();
    assert.match(
      output,
      /not reached: Own 2, exchange SocialExchange[\s\S]*4 of 8 branches \(50 %\)$/,
    );
  });

  test('exits with 1 for a policy that a tenant refuses, with the line of the check', async (t) => {
    const { run, folder } = command(t, []);
    const broken = '<TrustFrameworkPolicy PolicyId="B2C_1A_Own">';
    writeFileSync(path.join(folder, 'own.xml'), broken);
    const { output, problem, exitCode } = await run();
    assert.deepEqual([output, exitCode], ['', 1]);
    assert.match(problem, /own\.xml:1:\d+: error xml-not-well-formed /);
  });

  const wrong: [string, unknown, Partial<RunCommand>, RegExp][] = [
    ['answers that are not JSON', '[', {}, /answers\.json is not JSON/],
    ['answers that are no list', {}, {}, /The answers are a list/],
    ['a file that does not exist', [], { answers: ['/nowhere.json'] }, /nowhere\.json/],
    ['a policy that does not exist', [], { policy: 'B2C_1A_Other' }, /There is no policy/],
    ['a folder that does not exist', [], { folder: '/nowhere' }, /nowhere/],
  ];
  for (const [title, answers, options, message] of wrong) {
    test(`exits with 2 for ${title}`, async (t) => {
      const { problem, exitCode } = await command(t, answers, options).run();
      assert.equal(exitCode, 2);
      assert.match(problem, message);
    });
  }
});

describe('the command line of policies run', () => {
  test('takes a folder, a policy, files of answers and options', () => {
    const args = ['policies', 'run', 'f', 'B2C_1A_X', '--answers', 'a', '--answers', 'b', '--json'];
    assert.deepEqual(parseCommandLine(args, '1'), {
      ...{ kind: 'policies', action: 'run', folder: 'f', policy: 'B2C_1A_X' },
      ...{ environment: undefined, answers: ['a', 'b'], coverage: false, isJson: true },
    });
  });

  for (const [args, message] of [
    [['policies', 'run', 'f'], /policies run takes a folder and a policy/],
    [['policies', 'run', 'f', 'p', 'q'], /policies run does not take "q"/],
    [
      ['policies', 'check', 'f', '--coverage'],
      /--answers and --coverage are options of policies run/,
    ],
  ] as const) {
    test(`refuses ${args.join(' ')}`, () => {
      const parsed = parseCommandLine(args, '1');
      assert.equal(parsed.kind, 'wrong-usage');
      assert.match('text' in parsed ? parsed.text : '', message);
    });
  }
});
