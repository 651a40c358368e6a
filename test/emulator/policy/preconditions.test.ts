import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClaimValue } from '../../../dist/emulator/policy/claims-bag.js';
import { isSkipped } from '../../../dist/emulator/policy/preconditions.js';
import type { Precondition } from '../../../dist/emulator/policy/technical-profile.js';
import type { PreconditionTrace } from '../../../dist/emulator/policy/trace.js';
import { exchange, ownPolicy, page } from './own-policy.js';

const precondition = (
  type: Precondition['type'],
  executeActionsIf: boolean,
  value?: string,
  claim = 'Role',
): Precondition => ({
  ...{ type, executeActionsIf, value, action: 'SkipThisOrchestrationStep' },
  claimType: { id: claim } as Precondition['claimType'],
  ...{ file: 'own.xml', line: 1, column: 1 },
});

const bag = (value: ClaimValue | undefined) =>
  new Map(value === undefined ? [] : [['role', value]]);

describe('a precondition skips', () => {
  const rows: [string, Precondition, ClaimValue | undefined, boolean][] = [
    ['ClaimsExist true, with the claim', precondition('ClaimsExist', true), 'a', true],
    ['ClaimsExist true, without it', precondition('ClaimsExist', true), undefined, false],
    ['ClaimsExist false, with it', precondition('ClaimsExist', false), 'a', false],
    ['ClaimsExist false, without it', precondition('ClaimsExist', false), undefined, true],
    ['ClaimsExist true, with the value false', precondition('ClaimsExist', true), false, true],
    ['ClaimEquals true, equal', precondition('ClaimEquals', true, 'a'), 'a', true],
    ['ClaimEquals true, different', precondition('ClaimEquals', true, 'a'), 'b', false],
    [
      'ClaimEquals true, without the claim',
      precondition('ClaimEquals', true, 'a'),
      undefined,
      false,
    ],
    ['ClaimEquals false, equal', precondition('ClaimEquals', false, 'a'), 'a', false],
    ['ClaimEquals false, different', precondition('ClaimEquals', false, 'a'), 'b', true],
    [
      'ClaimEquals false, without the claim',
      precondition('ClaimEquals', false, 'a'),
      undefined,
      false,
    ],
    ['ClaimEquals compares texts with case', precondition('ClaimEquals', true, 'A'), 'a', false],
    ['ClaimEquals takes True for true', precondition('ClaimEquals', true, 'True'), true, true],
    ['ClaimEquals takes true for true', precondition('ClaimEquals', true, 'true'), true, true],
    ['ClaimEquals takes False for false', precondition('ClaimEquals', true, 'False'), false, true],
    ['ClaimEquals false, with a boolean', precondition('ClaimEquals', false, 'True'), false, true],
    ['ClaimEquals compares numbers as texts', precondition('ClaimEquals', true, '30'), 30, true],
    [
      'a value that is the ID of a claim is a constant',
      precondition('ClaimEquals', true, 'Role'),
      'a',
      false,
    ],
  ];
  for (const [title, one, value, skips] of rows) {
    test(`${title}: ${skips ? 'yes' : 'no'}`, () => {
      assert.equal(isSkipped([one], bag(value)), skips);
    });
  }

  test('nothing: no', () => {
    assert.equal(isSkipped([], bag('a')), false);
  });

  test('the first that is satisfied: yes, and the rest is not compared', () => {
    const recorded: PreconditionTrace[] = [];
    const all = [
      precondition('ClaimEquals', true, 'b'),
      precondition('ClaimsExist', true),
      precondition('ClaimEquals', true, 'a'),
    ];
    assert.equal(
      isSkipped(all, bag('a'), (one) => recorded.push(one)),
      true,
    );
    assert.deepEqual(
      recorded.map(({ type, claim, expected, actual, isSatisfied }) => [
        type,
        claim,
        expected,
        actual,
        isSatisfied,
      ]),
      [
        ['ClaimEquals', 'Role', 'b', 'a', false],
        ['ClaimsExist', 'Role', undefined, 'a', true],
      ],
    );
  });

  test('and the trace masks secrets', () => {
    const recorded: PreconditionTrace[] = [];
    const one = precondition('ClaimEquals', true, 'a', 'otp');
    isSkipped([one], new Map([['otp', '123456']]), (checked) => recorded.push(checked));
    assert.equal(recorded[0]?.actual, '•••');
  });
});

test('a skipped validation says which claim had which value', async (t) => {
  const run = ownPolicy(t, {
    profiles: page(
      'Ask',
      ['displayName', 'email'],
      `<ValidationTechnicalProfiles><ValidationTechnicalProfile ReferenceId="Directory-Create">
        <Preconditions><Precondition Type="ClaimEquals" ExecuteActionsIf="true"><Value>displayName</Value><Value>Ada</Value><Action>SkipThisValidationTechnicalProfile</Action></Precondition></Preconditions>
      </ValidationTechnicalProfile></ValidationTechnicalProfiles>`,
    ),
    steps: exchange(1, 'Ask'),
    token: ['displayName'],
  });
  const { trace } = await run({ answers: [{ fill: { displayName: 'Ada' } }] });
  assert.equal(
    trace[0]?.profiles[0]?.validations[0]?.skipped,
    'ClaimEquals displayName "Ada": the claim has the value Ada',
  );
});
