import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { policyCoverage, stepsTaken } from '../../../dist/testing/testing.js';
import {
  claims,
  exchange,
  handler,
  ownPolicy,
  page,
  SIGN_UP_OR_SIGN_IN,
  session,
  skipIf,
  validations,
} from './own-policy.js';

const SUBJECT = 'objectId PartnerClaimType="sub"';

const other = (more = '') =>
  `<TechnicalProfile Id="Other"><Metadata><Item Key="ClaimTypeOnWhichToEnable">city</Item></Metadata>
    <IncludeTechnicalProfile ReferenceId="Social" />${more}</TechnicalProfile>`;

/** A page of buttons in front of `Social` and `Other`. */
const selection = (targets: readonly string[], option = '') =>
  `<OrchestrationStep Order="1" Type="ClaimsProviderSelection" ContentDefinitionReferenceId="page.buttons">
    <ClaimsProviderSelections ${option}>${targets.map((id) => `<ClaimsProviderSelection TargetClaimsExchangeId="${id}Exchange" />`).join('')}</ClaimsProviderSelections>
  </OrchestrationStep>${exchange(2, targets)}`;

describe('a selection step', () => {
  test('shows a button for each exchange', async (t) => {
    const steps = selection(['Social', 'Other']);
    const run = ownPolicy(t, { profiles: other(), steps, token: [SUBJECT] });
    const { page: shown } = await run();
    assert.deepEqual(shown?.buttons, ['SocialExchange', 'OtherExchange']);
    const { claims: token } = await run({ answers: [{ provider: 'Other', claims: { id: 'o' } }] });
    assert.equal(token?.['sub'], 'o');
  });

  test('with one provider goes there without a page, unless it has to be shown', async (t) => {
    const run = ownPolicy(t, { steps: selection(['Social']), token: [SUBJECT] });
    assert.equal((await run()).page?.provider, 'social.example');
    const option = 'DisplayOption="ShowSingleProvider"';
    const shown = ownPolicy(t, { steps: selection(['Social'], option), token: [SUBJECT] });
    assert.deepEqual((await shown()).page?.buttons, ['SocialExchange']);
  });

  test('has no button for a profile that is not enabled', async (t) => {
    const profiles = other('<EnabledForUserJourneys>OnClaimsExistence</EnabledForUserJourneys>');
    const run = ownPolicy(t, {
      ...{ claims: { city: 'string' }, profiles, token: [SUBJECT] },
      steps: selection(['Social', 'Other'], 'DisplayOption="ShowSingleProvider"'),
    });
    assert.deepEqual((await run()).page?.buttons, ['SocialExchange']);
  });
});

describe('the combined page', () => {
  test('opens the sign-up with its link', async (t) => {
    const run = ownPolicy(t, { steps: SIGN_UP_OR_SIGN_IN, token: [SUBJECT] });
    const { page: shown } = await run({ answers: [{ press: 'createAccount' }] });
    assert.equal(shown?.contentDefinition, 'page.form');
  });

  test('refuses an exchange that it has no button for', async (t) => {
    const run = ownPolicy(t, { steps: SIGN_UP_OR_SIGN_IN, token: [SUBJECT] });
    await assert.rejects(run({ answers: [{ press: 'SignInExchange' }] }), { name: 'AnswerError' });
  });

  for (const [setting, value, buttons] of [
    ['setting.showSignupLink', 'False', ['continue', 'forgotPassword', 'SocialExchange']],
    ['setting.forgotPasswordLinkLocation', 'None', ['continue', 'createAccount', 'SocialExchange']],
    ['setting.showContinueButton', 'false', ['createAccount', 'forgotPassword', 'SocialExchange']],
  ] as const) {
    test(`with ${setting} ${value} has ${buttons.join(', ')}`, async (t) => {
      const run = ownPolicy(t, {
        profiles: page(
          'Form',
          ['signInName', 'password', 'objectId'],
          validations('Password-Check') + session('Session-Local'),
          { SignUpTarget: 'SignUpExchange', [setting]: value },
        ),
        steps: SIGN_UP_OR_SIGN_IN.replace('"Form-SignIn"', '"Form"'),
        token: [SUBJECT],
      });
      assert.deepEqual((await run()).page?.buttons, buttons);
    });
  }
});

describe('a sub journey', () => {
  const subJourney = (type: string, end = '') =>
    `<SubJourney Id="Sub" Type="${type}"><OrchestrationSteps>${exchange(1, 'Ask')}${end}</OrchestrationSteps></SubJourney>`;
  const invoke =
    '<OrchestrationStep Order="1" Type="InvokeSubJourney"><JourneyList><Candidate SubJourneyReferenceId="Sub" /></JourneyList></OrchestrationStep>';
  const policy = {
    profiles: page('Ask', ['displayName']) + page('Again', ['email']),
    steps: invoke + exchange(2, 'Again'),
    token: ['displayName', 'email'],
  };
  const name = { fill: { displayName: 'Ada' } };

  test('of type Call comes back to the step behind', async (t) => {
    const run = ownPolicy(t, { ...policy, subJourneys: subJourney('Call') });
    const result = await run({ answers: [name, { fill: { email: 'a@example.com' } }] });
    assert.deepEqual(stepsTaken(result), ['Own 1', 'Sub 1', 'Own 2', 'Own 3']);
    assert.deepEqual(result.claims, { displayName: 'Ada', email: 'a@example.com' });
    const { covered, total } = policyCoverage([result]);
    assert.deepEqual([covered, total], [4, 4]);
  });

  test('of type Transfer ends the journey itself', async (t) => {
    const end =
      '<OrchestrationStep Order="2" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer" />';
    const run = ownPolicy(t, { ...policy, subJourneys: subJourney('Transfer', end) });
    const result = await run({ answers: [name] });
    assert.deepEqual(stepsTaken(result), ['Own 1', 'Sub 1', 'Sub 2']);
    assert.deepEqual(result.claims, { displayName: 'Ada' });
  });
});

test('a page with nothing to ask is left out, and its validations run', async (t) => {
  const run = ownPolicy(t, {
    profiles: `<TechnicalProfile Id="Fixed"><DisplayName>Fixed</DisplayName>${handler('ClaimsTransformationProtocolProvider')}
      ${claims('Output', 'displayName DefaultValue="Ada"')}</TechnicalProfile>
      ${page('Ask', ['displayName'], validations('Fixed'))}`,
    steps: exchange(1, 'Ask'),
    token: ['displayName'],
  });
  assert.deepEqual((await run()).claims, { displayName: 'Ada' });
});

test('a page that was refused as often as setting.retryLimit says ends the journey', async (t) => {
  const form = page('Form', ['signInName', 'password', 'objectId'], validations('Password-Check'), {
    'setting.retryLimit': '2',
  });
  const run = ownPolicy(t, { profiles: form, steps: exchange(1, 'Form'), token: [SUBJECT] });
  const wrong = { fill: { signInName: 'alice@example.com', password: 'wrong' } };
  assert.equal((await run({ answers: [wrong] })).outcome, 'page');
  const { outcome, error } = await run({ answers: [wrong, wrong] });
  assert.deepEqual([outcome, error?.code], ['error', 'AADB2C90054']);
});

test('a password is not in the claims after its page', async (t) => {
  const run = ownPolicy(t, {
    profiles: page('Ask', ['displayName', 'newPassword']),
    steps:
      exchange(1, 'Ask') + exchange(2, 'SignUp', skipIf('ClaimsExist', ['newPassword'], false)),
    token: ['displayName'],
  });
  const result = await run({
    answers: [{ fill: { displayName: 'Ada', newPassword: 'Pass@word1' } }],
  });
  assert.equal(result.outcome, 'token');
  assert.doesNotMatch(JSON.stringify(result.trace), /Pass@word1/);
});
