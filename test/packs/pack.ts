/** Every journey of one starter pack, in the order in which a user takes them. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { expectedClaims } from './relying-party.js';
import { type Site, startSite } from './site.js';
import { openVisitor, type Visitor } from './visitor.js';

export interface Row {
  pack?: string;
  policy: string;
  what: string;
  milliseconds: number;
  error?: string;
}

const SIGN_IN = 'B2C_1A_signup_signin';
const EDIT = 'B2C_1A_ProfileEdit';
const RESET = 'B2C_1A_PasswordReset';
const ADA = { email: 'ada@example.com', password: 'Pass@word2', phone: '4255550123' };
const SUE = { id: '4711', first_name: 'Sue', last_name: 'Social', name: 'Sue Social' };

interface Context {
  site: Site;
  visitor: Visitor;
  hasPhone: boolean;
  folder: string;
}

type Journey = [policy: string, what: string, run: (context: Context) => Promise<void>];

export async function* runPack(folder: string, browser: Browser): AsyncGenerator<Row> {
  const has = {
    local: !folder.includes('SocialAccounts'),
    social: !folder.endsWith('LocalAccounts'),
  };
  has.social ||= folder.includes('SocialAnd');
  const site = await startSite(folder);
  let visitor = await openVisitor(browser, site);
  try {
    for (const [policy, what, run] of [
      ...(has.local ? LOCAL : []),
      ...(has.social ? SOCIAL : []),
      ...(has.local ? [FORGOTTEN] : []),
      CANCELED,
    ]) {
      // A journey that is not single sign-on has its own browser.
      if (!what.includes('single sign-on')) {
        await visitor.close();
        visitor = await openVisitor(browser, site);
      }
      const start = Date.now();
      const context = { site, visitor, folder, hasPhone: folder.includes('Mfa') };
      const error = await run(context).then(
        () => visitor.complaints(),
        (cause: Error) => `${cause.message}\n${visitor.place()}`,
      );
      const milliseconds = Date.now() - start;
      yield { policy, what, milliseconds, ...(error === undefined ? {} : { error }) };
    }
  } finally {
    await visitor.close();
    await site.stop();
  }
}

/** The token has the claims of the relying party, with the values that the journey gave, and no others. */
async function expectToken(
  { visitor, folder }: Context,
  policy: string,
  values: Record<string, string | undefined>,
): Promise<Record<string, unknown>> {
  const token = await visitor.token(policy);
  const { known, ...claims } = expectedClaims(folder, policy, token);
  const given = Object.keys(values).filter((name) => known.includes(name));
  for (const name of given) assert.equal(claims.found[name], values[name], `claim ${name}`);
  assert.deepEqual(claims.others, [], 'claims that the relying party does not list');
  const missing = known.filter((name) => !(name in claims.found) && !OPTIONAL.includes(name));
  assert.deepEqual(missing, [], 'claims of the relying party that the token lacks');
  assert.match(String(token['sub']), /^[0-9a-f-]{36}$/);
  return token;
}

/** Local accounts have no provider, and their claim `email` is set by sign-up and reset only. */
const OPTIONAL = ['identityProvider', 'idp', 'email'];

const ADA_CLAIMS = { name: 'Ada L', given_name: 'Ada', family_name: 'Lovelace' };
const SUE_CLAIMS = { name: SUE.name, given_name: SUE.first_name, family_name: SUE.last_name };

async function signIn(context: Context, password = ADA.password): Promise<void> {
  const { visitor, hasPhone } = context;
  await visitor.open(SIGN_IN);
  await visitor.fill({ signInName: ADA.email, password });
  await visitor.press('next');
  if (hasPhone) await visitor.provePhone(ADA.phone);
}

async function expectSingleSignOn(context: Context, claims: Record<string, string | undefined>) {
  const { visitor } = context;
  const first = await visitor.claims();
  await visitor.open(SIGN_IN, 'second');
  const second = await expectToken(context, SIGN_IN, claims);
  assert.equal(second['sub'], first['sub']);
  assert.notEqual(second['aud'], first['aud']);
  assert.deepEqual(visitor.pages(), [], 'pages of the tenant');
  await visitor.open(SIGN_IN, 'second', { prompt: 'login' });
  assert.equal(visitor.pages().length, 1, 'pages of the tenant with prompt=login');
}

const LOCAL: Journey[] = [
  [
    SIGN_IN,
    'sign-up with a mailed code',
    async (context) => {
      const { visitor, hasPhone } = context;
      await visitor.open(SIGN_IN);
      await visitor.press('createAccount');
      await visitor.proveEmail(ADA.email);
      await visitor.fill({
        ...{ newPassword: ADA.password, reenterPassword: ADA.password },
        ...{ displayName: 'Ada L', givenName: 'Ada', surname: 'Lovelace' },
      });
      await visitor.press('continue');
      if (hasPhone) await visitor.provePhone(ADA.phone);
      await expectToken(context, SIGN_IN, { ...ADA_CLAIMS, email: ADA.email });
    },
  ],
  [
    SIGN_IN,
    'single sign-on of a second application',
    (context) => expectSingleSignOn(context, ADA_CLAIMS),
  ],
  [
    SIGN_IN,
    'sign-in',
    async (context) => {
      await signIn(context);
      await expectToken(context, SIGN_IN, ADA_CLAIMS);
    },
  ],
  [
    SIGN_IN,
    'wrong password',
    async ({ visitor }) => {
      await visitor.open(SIGN_IN);
      await visitor.fill({ signInName: ADA.email, password: 'Wrong@word1' });
      await visitor.press('next');
      assert.match(await visitor.error(), /password is incorrect/i);
    },
  ],
  [
    SIGN_IN,
    'sign-up with a taken address',
    async ({ visitor }) => {
      await visitor.open(SIGN_IN);
      await visitor.press('createAccount');
      await visitor.proveEmail(ADA.email);
      await visitor.fill({
        ...{ newPassword: ADA.password, reenterPassword: ADA.password },
        ...{ displayName: 'Ada', givenName: 'Ada', surname: 'Lovelace' },
      });
      await visitor.press('continue');
      assert.match(await visitor.error(), /already/i);
    },
  ],
  [
    EDIT,
    'edit profile',
    async (context) => {
      const { visitor, hasPhone } = context;
      await visitor.open(EDIT);
      if (await visitor.has('LocalAccountSigninEmailExchange')) {
        await visitor.press('LocalAccountSigninEmailExchange');
      }
      await visitor.fill({ signInName: ADA.email, password: ADA.password });
      await visitor.press((await visitor.has('next')) ? 'next' : 'continue');
      if (hasPhone) await visitor.provePhone(ADA.phone);
      assert.equal(await visitor.value('givenName'), 'Ada');
      await visitor.fill({ givenName: 'Augusta' });
      await visitor.press('continue');
      await expectToken(context, EDIT, {});
    },
  ],
  [
    SIGN_IN,
    'the new name is in the next token',
    async (context) => {
      await signIn(context);
      await expectToken(context, SIGN_IN, { ...ADA_CLAIMS, given_name: 'Augusta' });
    },
  ],
  [
    EDIT,
    'edit profile after single sign-on',
    async (context) => {
      const { visitor } = context;
      await visitor.open(EDIT);
      assert.equal(await visitor.value('givenName'), 'Augusta');
      await visitor.press('continue');
      await expectToken(context, EDIT, {});
    },
  ],
  [
    RESET,
    'password reset with a mailed code',
    async (context) => {
      const { visitor, hasPhone } = context;
      await visitor.open(RESET);
      await visitor.proveEmail(ADA.email);
      await visitor.press('continue');
      if (hasPhone) await visitor.provePhone(ADA.phone);
      await visitor.fill({ newPassword: 'Pass@word3', reenterPassword: 'Pass@word3' });
      await visitor.press('continue');
      await expectToken(context, RESET, { email: ADA.email });
    },
  ],
  [
    SIGN_IN,
    'sign-in with the new password',
    async (context) => {
      await signIn(context, 'Pass@word3');
      await expectToken(context, SIGN_IN, { ...ADA_CLAIMS, given_name: 'Augusta' });
    },
  ],
];

async function signInAtFacebook(context: Context, policy: string): Promise<void> {
  const { visitor } = context;
  await visitor.open(policy);
  // A single provider has no button.
  if (await visitor.has('FacebookExchange')) await visitor.press('FacebookExchange');
  await visitor.fill({ ...SUE, email: 'sue@example.com' });
  await visitor.press('continue');
}

const SOCIAL: Journey[] = [
  [
    SIGN_IN,
    'sign-up at a simulated provider',
    async (context) => {
      const { visitor, hasPhone } = context;
      await signInAtFacebook(context, SIGN_IN);
      if (await visitor.has('displayName')) await visitor.press('continue');
      if (hasPhone) await visitor.provePhone('4255550124');
      await expectToken(context, SIGN_IN, { ...SUE_CLAIMS, idp: 'facebook.com' });
    },
  ],
  [
    SIGN_IN,
    'single sign-on of a second application',
    // `SM-SocialLogin` persists `alternativeSecurityId` only.
    (context) => expectSingleSignOn(context, { ...SUE_CLAIMS, idp: undefined }),
  ],
  [
    SIGN_IN,
    'sign-in at a simulated provider',
    async (context) => {
      await signInAtFacebook(context, SIGN_IN);
      if (context.hasPhone) await context.visitor.provePhone('4255550124');
      await expectToken(context, SIGN_IN, { ...SUE_CLAIMS, idp: 'facebook.com' });
    },
  ],
  [
    EDIT,
    'edit profile of a user of the provider',
    async (context) => {
      const { visitor, hasPhone } = context;
      await signInAtFacebook(context, EDIT);
      if (hasPhone) await visitor.provePhone('4255550124');
      assert.equal(await visitor.value('givenName'), 'Sue');
      await visitor.fill({ givenName: 'Susan' });
      await visitor.press('continue');
      await expectToken(context, EDIT, {});
    },
  ],
  [
    SIGN_IN,
    'a user who cancels at the provider',
    async ({ visitor }) => {
      await visitor.open(SIGN_IN);
      if (await visitor.has('FacebookExchange')) await visitor.press('FacebookExchange');
      await visitor.press('refuse');
      assert.match(await visitor.failure(), /^AADB2C90273/);
    },
  ],
];

const FORGOTTEN: Journey = [
  SIGN_IN,
  'forgotten password',
  async ({ visitor }) => {
    await visitor.open(SIGN_IN);
    await visitor.press('forgotPassword');
    assert.match(await visitor.failure(), /^AADB2C90118/);
  },
];

const CANCELED: Journey = [
  EDIT,
  'canceled',
  async ({ visitor }) => {
    await visitor.open(EDIT);
    if (!(await visitor.has('cancel'))) return;
    await visitor.press('cancel');
    assert.match(await visitor.failure(), /^AADB2C90091/);
  },
];
