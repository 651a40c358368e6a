import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadPolicy } from '../../../dist/emulator/policy-runs/load-policy.js';
import { runLoadedPolicy } from '../../../dist/emulator/policy-runs/run-policy.js';
import {
  claims,
  exchange,
  handler,
  metadata,
  page,
  policyXml,
  SIGN_UP_OR_SIGN_IN,
  session,
  skipIf,
  validations,
} from '../policy/own-policy.js';

const transformation = (id: string, method: string, inputs: string, parameters: string) =>
  `<ClaimsTransformation Id="${id}" TransformationMethod="${method}">${inputs}${parameters}
    <OutputClaims><OutputClaim ClaimTypeReferenceId="greeting" TransformationClaimType="outputClaim" /></OutputClaims></ClaimsTransformation>`;

/** A journey of nine steps: two pages, a directory, transformations, a REST API, and one step that is skipped. */
const POLICY = policyXml({
  claims: { greeting: 'string', city: 'string TextBox', loyalty: 'string' },
  building: `<ClaimsTransformations>
    ${transformation(
      'Greet',
      'FormatStringClaim',
      '<InputClaims><InputClaim ClaimTypeReferenceId="displayName" TransformationClaimType="inputClaim" /></InputClaims>',
      '<InputParameters><InputParameter Id="stringFormat" DataType="string" Value="Hello {0}" /></InputParameters>',
    )}</ClaimsTransformations>`,
  profiles: `
    <TechnicalProfile Id="Greeting"><DisplayName>Greeting</DisplayName>${handler('ClaimsTransformationProtocolProvider')}
      ${claims('Output', 'greeting')}
      <OutputClaimsTransformations><OutputClaimsTransformation ReferenceId="Greet" /></OutputClaimsTransformations></TechnicalProfile>
    <TechnicalProfile Id="Farewell"><IncludeTechnicalProfile ReferenceId="Greeting" /></TechnicalProfile>
    <TechnicalProfile Id="Directory-WriteCity">${metadata({ Operation: 'Write' })}
      ${claims('Input', 'objectId Required="true"')}${claims('Persisted', 'objectId', 'city')}
      <IncludeTechnicalProfile ReferenceId="Directory" /></TechnicalProfile>
    <TechnicalProfile Id="Loyalty"><DisplayName>Loyalty</DisplayName>${handler('RestfulProvider')}
      ${metadata({ ServiceUrl: 'https://api.example.com/loyalty', AuthenticationType: 'None', AllowInsecureAuthInProduction: 'true', SendClaimsIn: 'Body' })}
      ${claims('Input', 'email')}${claims('Output', 'loyalty')}</TechnicalProfile>
    ${page('Ask', ['city', 'displayName'], validations('Directory-WriteCity') + session('Session-None'))}`,
  steps: [
    SIGN_UP_OR_SIGN_IN,
    exchange(3, 'Directory-Read'),
    exchange(4, 'Greeting'),
    exchange(5, 'Ask'),
    exchange(6, 'Directory-WriteCity'),
    exchange(7, 'Loyalty'),
    exchange(8, 'Farewell', skipIf('ClaimEquals', ['greeting', 'Goodbye'], false)),
  ].join(''),
  token: ['objectId PartnerClaimType="sub"', 'greeting', 'city', 'loyalty'],
});

/** Loads the policy once and returns a function that runs it to its token. */
export async function loadNineSteps(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-'));
  writeFileSync(path.join(folder, 'own.xml'), POLICY);
  const policy = await loadPolicy({ folder, policy: 'B2C_1A_Own' });
  rmSync(folder, { recursive: true });
  return async () => {
    const { claims: token, trace } = await runLoadedPolicy(policy, {
      answers: [
        { fill: { signInName: 'alice@example.com', password: 'Pass@word1' } },
        { fill: { city: 'Palma', displayName: 'Alice' } },
      ],
      rest: { 'https://api.example.com': () => ({ loyalty: '4711' }) },
    });
    const { greeting, city, loyalty } = token ?? {};
    if (
      trace.length !== 9 ||
      [greeting, city, loyalty].join() !== 'Hello Alice Example,Palma,4711'
    ) {
      throw new Error(`the journey ended elsewhere: ${JSON.stringify(token)}`);
    }
  };
}
