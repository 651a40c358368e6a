import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  policyCoverage,
  profilesRun,
  runPolicy,
  stepsTaken,
} from '../../../dist/testing/testing.js';
import { emptyFolder } from '../../support/folder.js';
import { exchange, ownPolicy, SIGN_UP_OR_SIGN_IN } from '../policy/own-policy.js';

const SIGN_UP_OR_SIGN_IN_POLICY = {
  steps: SIGN_UP_OR_SIGN_IN,
  token: ['objectId PartnerClaimType="sub"', 'displayName', 'email', 'newUser', 'fromSession'],
};

const SIGN_IN_ALICE = {
  page: 'page.signin',
  fill: { signInName: 'alice@example.com', password: 'Pass@word1' },
};

const SIGN_UP_ADA = [
  { page: 'page.signin', press: 'createAccount' },
  {
    page: 'page.form',
    verify: 'email',
    fill: {
      email: 'ada@example.com',
      newPassword: 'Pass@word2',
      reenterPassword: 'Pass@word2',
      displayName: 'Ada',
    },
  },
];

describe('a run ends', () => {
  test('in the claims of the token after a sign-in', async (t) => {
    const run = ownPolicy(t, {
      ...SIGN_UP_OR_SIGN_IN_POLICY,
      steps: SIGN_UP_OR_SIGN_IN + exchange(3, 'Directory-Read'),
    });
    const result = await run({ answers: [SIGN_IN_ALICE] });
    assert.deepEqual(
      [result.outcome, result.claims],
      [
        'token',
        {
          sub: 'f0b6e55f-0000-4000-8000-00000000e001',
          displayName: 'Alice Example',
          email: 'alice@example.com',
        },
      ],
    );
    assert.deepEqual(stepsTaken(result), ['Own 1', 'Own 3', 'Own 4']);
    assert.deepEqual(profilesRun(result), [
      'Form-SignIn',
      'Password-Check',
      'Directory-Read',
      'JwtIssuer',
    ]);
  });

  test('in a new account after a sign-up with a mailed code, which the next run can sign in to', async (t) => {
    const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
    const { claims, accounts } = await run({ answers: SIGN_UP_ADA });
    assert.deepEqual([claims?.['email'], claims?.['newUser']], ['ada@example.com', true]);
    const fill = { signInName: 'ada@example.com', password: 'Pass@word2' };
    const next = await run({ accounts, answers: [{ page: 'page.signin', fill }] });
    assert.equal(next.claims?.['sub'], claims?.['sub']);
  });

  test('in the claims of a provider, whose button the answer presses', async (t) => {
    const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
    const provider = { provider: 'social.example', claims: { id: 's-1', name: 'Sue' } };
    const { claims } = await run({ answers: [provider] });
    assert.deepEqual(claims, { sub: 's-1', displayName: 'Sue' });
  });

  test('in the session of an earlier run', async (t) => {
    const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
    const { session, claims } = await run({ answers: [SIGN_IN_ALICE] });
    const next = await run({ session });
    assert.deepEqual(next.claims, { sub: claims?.['sub'], fromSession: 'yes' });
  });

  for (const [press, code] of [
    ['forgotPassword', 'AADB2C90118'],
    ['cancel', 'AADB2C90091'],
  ] as const) {
    test(`in ${code} after ${press}`, async (t) => {
      const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
      const start = press === 'cancel' ? SIGN_UP_ADA.slice(0, 1) : [];
      const { outcome, error } = await run({ answers: [...start, { press }] });
      assert.deepEqual([outcome, error?.code], ['error', code]);
    });
  }

  test('at the page that waits, with its fields, buttons and errors', async (t) => {
    const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
    const fill = { ...SIGN_IN_ALICE.fill, password: 'wrong' };
    const { outcome, page } = await run({ answers: [{ fill }] });
    const field = { value: '', required: true };
    assert.deepEqual(
      [outcome, page],
      [
        'page',
        {
          contentDefinition: 'page.signin',
          fields: [
            {
              ...field,
              id: 'signInName',
              label: 'signInName',
              type: 'TextBox',
              value: fill.signInName,
            },
            { ...field, id: 'password', label: 'password', type: 'Password' },
          ],
          buttons: ['continue', 'createAccount', 'forgotPassword', 'SocialExchange'],
          errors: ['The password is wrong.'],
        },
      ],
    );
  });

  test('at the provider that waits, with the claims that it can give', async (t) => {
    const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
    const { page } = await run({ answers: [{ press: 'SocialExchange' }] });
    assert.equal(page?.provider, 'social.example');
    assert.deepEqual(
      page?.fields.map(({ id }) => id),
      ['id', 'name', 'email'],
    );
  });
});

const OPEN =
  'The page page.signin is open. Fields: signInName, password. Buttons: continue, createAccount, forgotPassword, SocialExchange.';

describe('an answer that does not fit says what is open', () => {
  const misfits: [string, object, string][] = [
    ['for another page', { page: 'page.form' }, 'is for the page page.form'],
    ['for an unknown field', { fill: { city: 'x' } }, 'fills city, which the page does not have'],
    ['with an unknown button', { press: 'google' }, 'presses google, which the page does not have'],
    [
      'that verifies a plain field',
      { verify: 'signInName' },
      'verifies signInName, which the page does not verify',
    ],
    [
      'of a provider without a button',
      { provider: 'google.com' },
      'is for the provider google.com, which has no button',
    ],
  ];
  for (const [title, answer, problem] of misfits) {
    test(title, async (t) => {
      const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
      await assert.rejects(run({ answers: [answer] }), {
        name: 'AnswerError',
        message: `Answer 1 ${problem}. ${OPEN}`,
      });
    });
  }

  test('after the end of the journey', async (t) => {
    const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
    await assert.rejects(run({ answers: [SIGN_IN_ALICE, { page: 'page.form' }] }), {
      name: 'AnswerError',
      message: 'The journey has ended. Answer 2 and later were not used.',
    });
  });

  const unreadable: [string, unknown, RegExp][] = [
    ['a member that does not exist', [{ pag: 'x' }], /^Answer 1 has "pag".*did you mean "page"/],
    ['a request behind the first entry', [{}, { request: {} }], /^Answer 2 has "request"/],
    ['a page that is no text', [{ page: 1 }], /^Answer 1 needs a text as "page"/],
    ['no list', {}, /^The answers are a list/],
  ];
  for (const [title, answers, message] of unreadable) {
    test(`or has ${title}`, async (t) => {
      const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
      await assert.rejects(run({ answers: answers as [] }), { name: 'AnswerError', message });
    });
  }
});

test('a request parameter reaches the journey', async (t) => {
  const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
  const { page } = await run({ answers: [{ request: { domain_hint: 'social.example' } }] });
  assert.equal(page?.provider, 'social.example');
});

test('a policy that a tenant refuses does not run, and the error is that of the check', async (t) => {
  const run = ownPolicy(t, { ...SIGN_UP_OR_SIGN_IN_POLICY, token: ['missing'] });
  await assert.rejects(run(), {
    name: 'PolicyError',
    message: /own\.xml:\d+:\d+: error unknown-claim-type/,
  });
});

test('a policy that does not exist gets the closest name', async (t) => {
  const { folder } = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
  await assert.rejects(runPolicy({ folder, policy: 'B2C_1A_Owm' }), {
    message: `There is no policy "B2C_1A_Owm" in ${folder}; did you mean "B2C_1A_Own"?`,
  });
  await assert.rejects(runPolicy({ folder: emptyFolder(t), policy: 'B2C_1A_Own' }), /no policy/);
});

describe('coverage', () => {
  test('sums up steps, skips, exchanges and validations over runs', async (t) => {
    const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
    const runs = [await run({ answers: [SIGN_IN_ALICE] }), await run({ answers: SIGN_UP_ADA })];
    const { branches, covered, total } = policyCoverage(runs);
    assert.deepEqual(
      branches.map(({ step, branch, hits }) => [step, branch, hits]),
      [
        [1, 'runs', 2],
        [1, 'Form-SignIn: validation Password-Check', 1],
        [2, 'runs', 1],
        [2, 'skipped: ClaimsExist objectId', 1],
        [2, 'exchange SocialExchange', 0],
        [2, 'exchange SignUpExchange', 1],
        [2, 'SignUp: validation Directory-Create', 1],
        [3, 'runs', 2],
      ],
    );
    assert.deepEqual([covered, total], [7, 8]);
  });

  test('prints what no run has reached, with its place', async (t) => {
    const run = ownPolicy(t, SIGN_UP_OR_SIGN_IN_POLICY);
    const { text } = policyCoverage([await run({ answers: SIGN_UP_ADA })]);
    const place = `${run.folder}/own\\.xml:\\d+`;
    const pattern = [
      `^${place}: not reached: Own 1, Form-SignIn: validation Password-Check`,
      `${place}: not reached: Own 2, skipped: ClaimsExist objectId`,
      `${place}: not reached: Own 2, exchange SocialExchange`,
      '5 of 8 branches \\(62 %\\)$',
    ].join('\n');
    assert.match(text, new RegExp(pattern));
  });
});
