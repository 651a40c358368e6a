import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { buildPolicy } from '../../../dist/emulator/policy-files/build-policy.js';
import { collectFaults } from '../../../dist/emulator/policy-files/collect-faults.js';
import { createLookups } from '../../../dist/emulator/policy-files/create-lookups.js';
import { createDefinitions } from '../../../dist/emulator/policy-files/definitions.js';
import { readPolicies } from '../../../dist/emulator/policy-files/read-policies.js';
import { emptyFolder } from '../../support/folder.js';
import { copyGoodChain, GOOD_CHAIN, type PolicyName } from './good-chain.js';

/** The model of the sign-in policy of the good chain, after edits. */
async function policyOf(
  t: TestContext,
  ...edits: { file?: PolicyName; from: string; to: string }[]
) {
  const folder = emptyFolder(t);
  const files = copyGoodChain(folder);
  for (const { file = 'extensions', from, to } of edits) {
    const text = files.read(file);
    assert.ok(text.includes(from), from);
    writeFileSync(files.fileOf(file), text.replace(from, to));
  }
  const faults = collectFaults();
  const { chains } = await readPolicies({ folder }, faults);
  const chain = [...chains.values()].find((it) => it.at(-1)?.id === 'B2C_1A_SignUpOrSignIn');
  assert.ok(chain);
  const lookups = createLookups(createDefinitions(chain, faults.report), faults.report);
  const policy = buildPolicy(chain, lookups);
  assert.ok(policy);
  const profile = (id: string) => {
    const found = policy.technicalProfiles.get(id.toLowerCase());
    assert.ok(found, id);
    return found;
  };
  return { policy, findModel: lookups.findModel, profile, errors: faults.sorted().errors };
}

const NEW_PROFILES = '        <TechnicalProfile Id="Loyalty-Call">';

test('metadata of a later file is laid over that of an earlier one, with the place of each value', async (t) => {
  const { profile } = await policyOf(t);
  const { metadata, protocol, keys } = profile('Social-OAuth2');
  const shown = (key: string) => {
    const item = metadata.get(key);
    return item && [item.value, path.basename(item.file), item.line > 1];
  };
  assert.deepEqual(shown('client_id'), ['shop-at-social', 'extensions.xml', true]);
  assert.deepEqual(shown('HttpBinding'), ['POST', 'base.xml', true]);
  assert.equal(protocol?.value, 'OAuth2');
  assert.equal(path.basename(protocol?.file ?? ''), 'base.xml');
  assert.equal(keys.get('client_secret')?.value, 'B2C_1A_SocialSecret');
});

test('claims of a later file come behind those of an earlier one, and one of the same id replaces it', async (t) => {
  const { profile } = await policyOf(t, {
    from: '<InputClaim ClaimTypeReferenceId="client_id" DefaultValue="proxy-application" />',
    to: '<InputClaim ClaimTypeReferenceId="client_id" DefaultValue="x" />\n<InputClaim ClaimTypeReferenceId="SIGNINNAME" DefaultValue="y" />',
  });
  const claims = profile('Password-Check').inputClaims;
  assert.deepEqual(
    claims.map(({ claimType, partnerClaimType, defaultValue }) => [
      claimType.id,
      partnerClaimType,
      defaultValue,
    ]),
    [
      ['signInName', undefined, 'y'],
      ['password', undefined, undefined],
      ['grant_type', undefined, 'password'],
      ['client_id', undefined, 'x'],
    ],
  );
});

test('an included profile is the base of the one that includes it, changes of later files too', async (t) => {
  const { profile } = await policyOf(t);
  const { handler, metadata, includeInSso, sessionProvider } = profile('Directory-Create');
  assert.equal(handler, 'directory');
  assert.equal(metadata.get('Operation')?.value, 'Write');
  assert.equal(metadata.get('ClientId')?.value, 'extensions-app');
  assert.equal(path.basename(metadata.get('ClientId')?.file ?? ''), 'extensions.xml');
  assert.equal(includeInSso, false);
  assert.equal(sessionProvider?.id, 'Session-None');
  assert.equal(sessionProvider, profile('Session-None'));
});

test('includes are nested, and IncludeClaimsFromTechnicalProfile takes claims alone', async (t) => {
  const { findModel } = await policyOf(t, {
    from: NEW_PROFILES,
    to: `<TechnicalProfile Id="A"><IncludeTechnicalProfile ReferenceId="Refresh-Check" /></TechnicalProfile>
<TechnicalProfile Id="B"><IncludeClaimsFromTechnicalProfile>Refresh-Check</IncludeClaimsFromTechnicalProfile></TechnicalProfile>
${NEW_PROFILES}`,
  });
  const [a, b] = [findModel('TechnicalProfile', 'a'), findModel('TechnicalProfile', 'b')];
  assert.equal(a?.handler, 'directory');
  assert.equal(a?.outputClaimsTransformations.length, 2);
  assert.equal(b?.protocol, undefined);
  assert.equal(b?.metadata.size, 0);
  assert.deepEqual(
    b?.outputClaims.map(({ claimType }) => claimType.id),
    a?.outputClaims.map(({ claimType }) => claimType.id),
  );
});

for (const [behavior, expected] of [
  ['Append', ['tea', 'coffee', 'water']],
  ['Prepend', ['water', 'tea', 'coffee']],
  ['ReplaceAll', ['water']],
] as const) {
  test(`MergeBehavior ${behavior} of an enumeration`, async (t) => {
    const { policy } = await policyOf(t, { from: '"Append"', to: `"${behavior}"` });
    const { enumeration = [] } = policy.findClaimType('Favorite') ?? {};
    assert.deepEqual(
      enumeration.map(({ value }) => value),
      expected,
    );
  });
}

test('without MergeBehavior an enumeration is appended, and a value that is there is replaced', async (t) => {
  const { policy } = await policyOf(t, {
    from: '<Restriction MergeBehavior="Append">',
    to: '<Restriction><Enumeration Text="Green tea" Value="tea" />',
  });
  const { enumeration = [] } = policy.findClaimType('favorite') ?? {};
  assert.deepEqual(
    enumeration.map(({ text }) => text),
    ['Green tea', 'Coffee', 'Water'],
  );
});

test('a validation that a later file adds in front of a repeated one stays in front of it', async (t) => {
  const list = (...ids: string[]) =>
    `<ValidationTechnicalProfiles>${ids.map((id) => `<ValidationTechnicalProfile ReferenceId="${id}" />`).join('')}</ValidationTechnicalProfiles>`;
  const { profile } = await policyOf(t, {
    from: NEW_PROFILES,
    to: `<TechnicalProfile Id="Form-SignIn">${list('Loyalty-Call', 'Password-Check', 'Code-Check')}</TechnicalProfile>
${NEW_PROFILES}`,
  });
  assert.deepEqual(
    profile('Form-SignIn').validationProfiles.map(({ profile: { id } }) => id),
    ['Loyalty-Call', 'Password-Check', 'Code-Check'],
  );
});

test('a step of the same order is laid over the earlier one', async (t) => {
  const { policy } = await policyOf(t, {
    from: '    <UserJourney Id="EditProfile">',
    to: `    <UserJourney Id="signuporsignin">
<OrchestrationSteps>
<OrchestrationStep Order="4" Type="InvokeSubJourney">
<Preconditions><Precondition Type="ClaimsExist" ExecuteActionsIf="false"><Value>email</Value><Action>SkipThisOrchestrationStep</Action></Precondition></Preconditions>
</OrchestrationStep>
</OrchestrationSteps>
</UserJourney>
    <UserJourney Id="EditProfile">`,
  });
  const { steps } = policy.relyingParty.defaultUserJourney;
  assert.equal(steps.length, 5);
  const [, , , fourth] = steps;
  assert.equal(fourth?.preconditions.length, 1);
  assert.deepEqual(
    fourth?.subJourneys.map(({ id }) => id),
    ['Welcome'],
  );
});

test('a relying party may change base elements of its chain', async (t) => {
  const { policy, profile } = await policyOf(t, {
    file: 'sign-up-or-sign-in',
    from: '  <RelyingParty>',
    to: `  <ClaimsProviders><ClaimsProvider><Domain>other.example</Domain><DisplayName>Social</DisplayName><TechnicalProfiles>
<TechnicalProfile Id="social-oauth2"><DisplayName>Social here</DisplayName></TechnicalProfile>
</TechnicalProfiles></ClaimsProvider></ClaimsProviders>
  <RelyingParty>`,
  });
  assert.equal(profile('Social-OAuth2').displayName?.value, 'Social here');
  assert.equal(profile('Social-OAuth2').domain?.value, 'other.example');
  assert.equal(policy.files.length, 3);
});

test('names are resolved to the objects that they name', async (t) => {
  const { policy, profile } = await policyOf(t);
  const { defaultUserJourney, endpoints, behaviors } = policy.relyingParty;
  const [first, second, , fourth, last] = defaultUserJourney.steps;
  assert.equal(first?.selections[0]?.target, second?.exchanges[0]);
  assert.equal(first?.selections[1]?.validation, first?.exchanges[0]);
  assert.equal(second?.exchanges[1]?.profile, profile('Form-SignUp'));
  assert.equal(fourth?.subJourneys[0]?.steps.length, 2);
  assert.equal(last?.issuer?.handler, 'jwt-issuer');
  assert.equal(endpoints[0]?.userJourney.id, 'Refresh');
  assert.equal(behaviors.keepAliveInDays, 30);
  const signUp = profile('Form-SignUp');
  assert.equal(signUp.validationProfiles[0]?.profile, profile('Directory-Create'));
  const [control] = signUp.displayClaims;
  const [sendCode] = control?.displayControl?.actions ?? [];
  assert.equal(sendCode?.validationProfiles[0]?.profile, profile('Code-Make'));
  assert.equal(signUp.contentDefinition?.dataUri?.value.page, 'selfasserted');
  assert.equal(
    signUp.contentDefinition?.localizedResources.get('de')?.strings[0]?.text,
    'E-Mail-Adresse',
  );
  assert.equal(policy.findClaimType('password')?.predicateValidation?.groups[0]?.matchAtLeast, 2);
});

test('a policy has only what its journeys reach', async () => {
  const faults = collectFaults();
  const { chains } = await readPolicies({ folder: GOOD_CHAIN }, faults);
  const chain = [...chains.values()].find((it) => it.at(-1)?.id === 'B2C_1A_EditProfile');
  assert.ok(chain);
  const lookups = createLookups(createDefinitions(chain, faults.report), faults.report);
  const policy = buildPolicy(chain, lookups);
  assert.ok(policy?.technicalProfiles.has('form-profile'));
  assert.ok(!policy?.technicalProfiles.has('form-signup'));
});

test('profiles that validate each other are one circle of objects', async (t) => {
  const { findModel } = await policyOf(t, {
    from: '<ValidationTechnicalProfile ReferenceId="Loyalty-Call" />',
    to: '<ValidationTechnicalProfile ReferenceId="Form-Profile" />',
  });
  const profile = findModel('TechnicalProfile', 'Form-Profile');
  assert.equal(profile?.validationProfiles[0]?.profile, profile);
});

test('references that go more than a hundred deep are an error', async (t) => {
  const profiles = Array.from({ length: 120 }, (_, index) => {
    const validation = `<ValidationTechnicalProfiles><ValidationTechnicalProfile ReferenceId="Deep-${index + 1}" /></ValidationTechnicalProfiles>`;
    return `<TechnicalProfile Id="Deep-${index}">${index < 119 ? validation : ''}</TechnicalProfile>`;
  });
  const signIn = `<TechnicalProfile Id="Form-SignIn"><ValidationTechnicalProfiles><ValidationTechnicalProfile ReferenceId="Deep-0" /></ValidationTechnicalProfiles></TechnicalProfile>`;
  const { errors } = await policyOf(t, {
    from: NEW_PROFILES,
    to: `${profiles.join('\n')}\n${signIn}\n${NEW_PROFILES}`,
  });
  assert.deepEqual(
    errors.map(({ rule }) => rule),
    ['references-too-deep'],
  );
});
