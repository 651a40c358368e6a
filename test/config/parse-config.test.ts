import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Config } from '../../dist/config/config.js';
import { configSchemaText } from '../../dist/config/json-schema.js';
import { parseConfig } from '../../dist/config/parse-config.js';
import { SignInError } from '../../dist/errors.js';

const SECRET = 'a-secret-of-at-least-32-characters';

const smallest = () => ({
  tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' },
  client: { id: '11111111-1111-1111-1111-111111111111', secret: 'client-secret' },
  policies: { signIn: 'B2C_1_susi' } as Record<string, unknown>,
  session: { secrets: [SECRET] } as Record<string, unknown>,
});

const FILES: Record<string, string> = {
  'secret.txt': `${SECRET}\n`,
  'two-lines.txt': `${SECRET}\n\n`,
  'cert.pem': 'CERT',
};

function parse(input: unknown, env: Record<string, string> = {}): Config {
  return parseConfig(input, {
    env,
    readFile: (path) => {
      const text = FILES[path];
      if (text === undefined) throw new Error('ENOENT');
      return text;
    },
    resolvePath: (path) => `/folder/${path}`,
    isFolder: (path) => path !== '/folder/nowhere',
  });
}

function faultsOf(input: unknown, env: Record<string, string> = {}): string[] {
  try {
    parse(input, env);
  } catch (error) {
    assert.ok(error instanceof SignInError);
    assert.equal(error.code, 'config_invalid');
    return error.message.split('\n');
  }
  return [];
}

test('the smallest configuration gets every default', () => {
  const config = parse(smallest());
  assert.equal(config.baseUrl.href, 'http://localhost:3000/');
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 3000 });
  const [{ client, tenant, ...first }, ...additional] = config.tenants;
  assert.equal(tenant.allowPlainHttp, false);
  assert.equal(client.authMethod, 'client_secret_post');
  assert.deepEqual(first, {
    name: '',
    label: undefined,
    policies: [{ key: 'signIn', name: 'B2C_1_susi', signsIn: true, path: '/auth/sign_in' }],
    errors: {},
    scopes: ['offline_access'],
    callbackPath: '/auth/redirect',
  });
  assert.deepEqual(additional, []);
  assert.equal(config.session.idleMinutes, 60);
  assert.equal(config.session.absoluteMinutes, 480);
  assert.deepEqual(config.session.store, {
    kind: 'memory',
    maxSessions: 100_000,
    maxPerUser: 100,
  });
  assert.equal(config.signedOutPages, '401');
  assert.equal(config.log.level, 'info');
});

test('config.example.json has no faults once its secrets are there', () => {
  const example = JSON.parse(
    readFileSync(new URL('../../config.example.json', import.meta.url), 'utf8'),
  );
  const config = parse(example, { B2C_CLIENT_SECRET: 'x', SESSION_SECRET: SECRET });
  const [{ client, policies }] = config.tenants;
  assert.equal(client.secret, 'x');
  assert.equal(policies.length, 3);
});

test('config.schema.json is what the parser says it is', () => {
  const stored = readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8');
  assert.equal(stored, configSchemaText());
});

test('policies of any name say whether they sign in', () => {
  const policies = {
    signIn: 'B2C_1_susi',
    editProfile: 'B2C_1_edit',
    invitation: { name: 'B2C_1A_invite', signsIn: true, label: 'Accept an invitation' },
  };
  assert.deepEqual(parse({ ...smallest(), policies }).tenants[0].policies, [
    { key: 'signIn', name: 'B2C_1_susi', signsIn: true, path: '/auth/sign_in' },
    { key: 'editProfile', name: 'B2C_1_edit', signsIn: false, path: '/auth/edit_profile' },
    { key: 'invitation', ...policies.invitation, path: '/auth/policy/invitation' },
  ]);
});

test('what follows an error is one of the policies, or the way back', () => {
  const errors = { AADB2C90273: { startPolicy: 'signIn' }, AADB2C90157: { goBack: true } };
  assert.deepEqual(parse({ ...smallest(), errors }).tenants[0].errors, errors);
  assert.deepEqual(parse(smallest()).tenants[0].errors, {});
  const env = { B2C_SIGNIN_ERRORS: JSON.stringify(errors) };
  assert.deepEqual(parse(smallest(), env).tenants[0].errors, errors);
});

describe('a secret can stand', () => {
  const secretsOf = (secret: unknown, env = {}) =>
    parse({ ...smallest(), session: { secrets: [secret] } }, env).session.secrets[0];
  test('in the file', () => assert.equal(secretsOf(SECRET), SECRET));
  test('in the environment', () => assert.equal(secretsOf({ env: 'S' }, { S: SECRET }), SECRET));
  test('in a file of its own, whose last newline is no part of it', () => {
    assert.equal(secretsOf({ file: 'secret.txt' }), SECRET);
  });
});

test('what is no name of a variable is not repeated', () => {
  const NAMES = /^client\.secret\.env: must be the name of an environment variable/;
  for (const secret of [
    'Abc8Q~a.client-secret',
    'f00dfacecafe',
    'K7HDJSAK SECRET',
    'a1'.repeat(16),
  ]) {
    for (const [input, env] of [
      [{ ...smallest(), client: { ...smallest().client, secret: { env: secret } } }, {}],
      [smallest(), { B2C_SIGNIN_CLIENT_SECRET: JSON.stringify({ env: secret }) }],
    ] as const) {
      const faults = faultsOf(input, env);
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? '', NAMES);
      assert.ok(!faults[0]?.includes(secret));
    }
  }
  const client = { ...smallest().client, secret: { env: 'lower_case' } };
  assert.equal(parse({ ...smallest(), client }, { lower_case: 'x' }).tenants[0].client.secret, 'x');
});

const storeFaults: [string, object | string, string][] = [
  ['a store that is a text', 'redis', ': must be { "kind"'],
  ['a store that is nowhere', {}, '.url: give one of "url", "sentinels" and "cluster"$'],
  [
    'a store in two places',
    { url: 'redis://a', cluster: ['redis://b'] },
    '.url: give one of "url", "sentinels" and "cluster"$',
  ],
  ['a store without a scheme', { url: 'redis.example.com:6379' }, '.url: must begin with redis://'],
  ['a store on the web', { url: 'https://a' }, '.url: must begin with redis://'],
  [
    'a password in an address',
    { url: 'redis://:a-password@a' },
    '.url: must not contain a password; use session.store.password$',
  ],
  ['a path of a store', { url: 'redis://a/2' }, '.url: must be only scheme, host and port$'],
  ['no address of a cluster', { cluster: [] }, '.cluster: must contain at least one URL$'],
  [
    'TLS for some of a cluster',
    { cluster: ['redis://a', 'rediss://b'] },
    '.cluster: must all begin with redis://, or all with rediss://$',
  ],
  ['Sentinels of no master', { sentinels: ['redis://a'] }, '.master: is required with "sentinels"'],
  [
    'a master without Sentinels',
    { url: 'redis://a', master: 'm' },
    '.master: is allowed with "sent',
  ],
  ['a user without password', { url: 'redis://a', username: 'u' }, '.password: is required with'],
  [
    'a password for no Sentinel',
    { url: 'redis://a', sentinelPassword: 'p' },
    '.sentinelPassword: is allowed with "sentinels" only$',
  ],
  [
    'a password of a store whose variable is not set',
    { url: 'redis://a', password: { env: 'NOPE' } },
    '.password.env: the environment variable NOPE is not set$',
  ],
  ['a database of a cluster', { cluster: ['redis://a'], database: 1 }, '.database: must be 0 with'],
  [
    'an authority without TLS',
    { url: 'redis://a', caFile: 'cert.pem' },
    '.caFile: is allowed with rediss',
  ],
  ['a file that is not there', { url: 'rediss://a', caFile: 'x' }, '.caFile: names a file that'],
  [
    'a prefix with a hash tag',
    { url: 'redis://a', prefix: '{a}:' },
    '.prefix: must consist of letters',
  ],
  ['a deadline that nobody meets', { url: 'redis://a', timeoutMs: 1 }, '.timeoutMs: must be 50'],
  [
    'the bound of another kind',
    { url: 'redis://a', maxSessions: 5 },
    '.maxSessions: unknown setting',
  ],
];

test('a store can be one server, watched by Sentinels, or a cluster, and its secrets stand elsewhere', () => {
  const storeOf = (store: object, env = {}) =>
    parse({ ...smallest(), session: { secrets: [SECRET], store } }, env).session.store;
  const { url, ...one } = storeOf(
    { kind: 'redis', url: 'rediss://a:6380', caFile: 'cert.pem', password: { env: 'P' } },
    { P: 'a-password' },
  ) as { url?: URL };
  assert.equal(url?.host, 'a:6380');
  const usual = { kind: 'redis', maxPerUser: 100, database: 0, prefix: 'b2c-signin:' };
  const given = { timeoutMs: 1_000, caFile: 'CERT', password: 'a-password' };
  assert.deepEqual(one, { ...usual, ...given });
  const sentinels = { kind: 'redis', sentinels: ['redis://a', 'redis://b:1'], master: 'm' };
  assert.equal((storeOf(sentinels) as { sentinels: URL[] }).sentinels.length, 2);
  const env = { B2C_SIGNIN_SESSION_STORE_KIND: 'redis', B2C_SIGNIN_SESSION_STORE_URL: 'redis://a' };
  assert.equal(parse(smallest(), env).session.store.kind, 'redis');
  assert.deepEqual(storeOf({ kind: 'memory' }, { B2C_SIGNIN_SESSION_STORE_MAX_SESSIONS: '7' }), {
    ...{ kind: 'memory', maxSessions: 7, maxPerUser: 100 },
  });
});

describe('each fault names the setting and what would be right', () => {
  const withIn = (section: 'tenant' | 'client' | 'session', values: object) => ({
    ...smallest(),
    [section]: { ...smallest()[section], ...values },
  });
  const { session: _, ...further } = smallest();
  const rows: [string, unknown, RegExp][] = [
    ['nothing at all', undefined, /^the configuration: /],
    ['a list', [], /^the configuration: /],
    ['an unknown setting', { ...smallest(), retries: 3 }, /^retries: unknown setting$/],
    [
      'an unknown inner setting',
      withIn('client', { ID: 'x' }),
      /^client\.ID: unknown setting. Did you mean "id"\?$/,
    ],
    [
      'an unknown setting of one kind of store',
      withIn('session', { store: { kind: 'redis', url: 'redis://a', prefx: 'x' } }),
      /^session\.store\.prefx: unknown setting. Did you mean "prefix"\?$/,
    ],
    [
      'an unknown setting of a further tenant',
      {
        ...smallest(),
        tenants: { external: { ...further, polices: {} } },
      },
      /^tenants\.external\.polices: unknown setting. Did you mean "policies"\?$/,
    ],

    ['no tenant', { ...smallest(), tenant: undefined }, /^tenant: /],
    [
      'a policy in the authority',
      withIn('tenant', { authority: 'https://c.b2clogin.com/c.onmicrosoft.com/B2C_1_susi' }),
      /^tenant\.authority: must end with the tenant; policies belong in "policies"$/,
    ],
    [
      'an authority without tenant',
      withIn('tenant', { authority: 'https://c.b2clogin.com' }),
      /^tenant\.authority: must be host and tenant/,
    ],
    [
      'a plain http authority',
      withIn('tenant', { authority: 'http://c.b2clogin.com/c', allowPlainHttp: true }),
      /^tenant\.authority: must begin with https/,
    ],
    [
      'plain http on loopback without saying so',
      withIn('tenant', { authority: 'http://127.0.0.1:3001/c' }),
      /^tenant\.authority: .*allowPlainHttp/,
    ],
    ['a client id that is none', withIn('client', { id: 'my-app' }), /^client\.id: must be .*1111/],
    ['an empty client secret', withIn('client', { secret: '' }), /^client\.secret: .*1 characters/],
    [
      'a secret whose variable is not set',
      withIn('client', { secret: { env: 'NOPE' } }),
      /^client\.secret\.env: the environment variable NOPE is not set$/,
    ],
    [
      'a secret whose file is not there',
      withIn('client', { secret: { file: 'nope' } }),
      /^client\.secret\.file: names a file that cannot be read$/,
    ],
    [
      'a short session secret',
      withIn('session', { secrets: ['short'] }),
      /^session\.secrets\.0: .*32/,
    ],
    ['no session secret', withIn('session', { secrets: [] }), /^session\.secrets: .*at least one/],
    [
      'an idle limit above the absolute one',
      withIn('session', { idleMinutes: 500 }),
      /^session\.idleMinutes: must not be more than session\.absoluteMinutes$/,
    ],
    [
      'an unknown store',
      withIn('session', { store: { kind: 'disk' } }),
      /^session\.store\.kind: must be "memory" or "redis"$/,
    ],
    ...storeFaults.map(([what, store, fault]): [string, unknown, RegExp] => [
      what,
      withIn('session', { store: typeof store === 'string' ? store : { kind: 'redis', ...store } }),
      new RegExp(`^session\\.store${fault}`),
    ]),
    [
      'a policy name that is none',
      { ...smallest(), policies: { signIn: 'susi' } },
      /^policies\.signIn: must be the name of a user flow/,
    ],
    [
      'a policy key that no path can hold',
      { ...smallest(), policies: { signIn: 'B2C_1_a', 'a/b': 'B2C_1_b' } },
      /^policies\.a\/b: the name must consist of letters/,
    ],
    [
      'a role of a policy in another spelling',
      { ...smallest(), policies: { signIn: 'B2C_1_a', edit_profile: 'B2C_1_b' } },
      /^policies\.edit_profile: is misspelled. Write "editProfile"\.$/,
    ],
    [
      'a role of a policy with its words the other way round',
      { ...smallest(), policies: { signIn: 'B2C_1_a', passwordReset: 'B2C_1_b' } },
      /^policies\.passwordReset: is misspelled. Write "resetPassword"\.$/,
    ],
    [
      'a public address over http',
      { ...smallest(), baseUrl: 'http://a.example' },
      /^baseUrl: .*https/,
    ],
    [
      'a public address with a path',
      { ...smallest(), baseUrl: 'https://a.example/app' },
      /^baseUrl: .*without a path$/,
    ],
    [
      'a path in place of the public address',
      { ...smallest(), baseUrl: '/app' },
      /^baseUrl: must be a URL, /,
    ],
    [
      'a public address without a scheme',
      { ...smallest(), baseUrl: 'a.example' },
      /^baseUrl: must be a URL, /,
    ],
    [
      'a public address with a query',
      { ...smallest(), baseUrl: 'https://a.example/?x=1' },
      /^baseUrl: .*without a path$/,
    ],
    [
      'a public address with a user',
      { ...smallest(), baseUrl: 'https://a@b.example' },
      /^baseUrl: .*without a path$/,
    ],
    [
      'a public address with a space behind it',
      { ...smallest(), baseUrl: 'https://a.example ' },
      /^baseUrl: must be a URL, /,
    ],
    [
      'an authority with a space behind it',
      withIn('tenant', { authority: 'https://c.b2clogin.com/c ' }),
      /^tenant\.authority: must be host and tenant/,
    ],
    [
      'an authority with a query',
      withIn('tenant', { authority: 'https://c.b2clogin.com/c?p=B2C_1_x' }),
      /^tenant\.authority: must be host and tenant/,
    ],
    [
      'a path in place of the authority',
      withIn('tenant', { authority: '/c.onmicrosoft.com' }),
      /^tenant\.authority: must be host and tenant/,
    ],
    [
      'a client id with a space behind it',
      withIn('client', { id: '11111111-1111-1111-1111-111111111111 ' }),
      /^client\.id: must be /,
    ],
    [
      'a client secret with a space behind it',
      withIn('client', { secret: 'x ' }),
      /^client\.secret: must not begin or end with whitespace$/,
    ],
    [
      'a session secret with a tab in front',
      withIn('session', { secrets: [`\t${SECRET}`] }),
      /^session\.secrets\.0: must not begin or end/,
    ],
    [
      'a secret file with an empty line at its end',
      withIn('session', { secrets: [{ file: 'two-lines.txt' }] }),
      /^session\.secrets\.0: must not begin or end/,
    ],
    [
      'a policy with a space behind it',
      { ...smallest(), policies: { signIn: 'B2C_1_a ' } },
      /^policies\.signIn: must be the name/,
    ],
    [
      'a number that is a text',
      withIn('session', { idleMinutes: '60' }),
      /^session\.idleMinutes: must be a number/,
    ],
    [
      'a switch that is a text',
      withIn('tenant', { allowPlainHttp: 'yes' }),
      /^tenant\.allowPlainHttp: must be true or false$/,
    ],
    [
      'a name that could be two lines',
      { ...smallest(), 'a: fine\nb': 1 },
      /^"a: fine\\nb": unknown setting$/,
    ],
    [
      'an error code that is none of B2C',
      { ...smallest(), errors: { access_denied: { goBack: true } } },
      /^errors\.access_denied: must be a code of Azure AD B2C, such as "AADB2C90273"$/,
    ],
    [
      'an error that begins a policy that is not there',
      { ...smallest(), errors: { AADB2C90273: { startPolicy: 'reset' } } },
      /^errors\.AADB2C90273\.startPolicy: must be the name of one of the policies$/,
    ],
    [
      'an error that begins a policy by its name in the tenant',
      { ...smallest(), errors: { AADB2C90273: { startPolicy: 'B2C_1_susi' } } },
      /^errors\.AADB2C90273\.startPolicy: must be the name/,
    ],
    [
      'an error with a reaction that does not exist',
      { ...smallest(), errors: { AADB2C90273: { ignore: true } } },
      /^errors\.AADB2C90273: must be \{ "startPolicy": NAME \} or \{ "goBack": true \}$/,
    ],
    [
      'an error with two reactions',
      { ...smallest(), errors: { AADB2C90273: { startPolicy: 'signIn', goBack: true } } },
      /^errors\.AADB2C90273: must be \{/,
    ],
    [
      'an error that does not go back',
      { ...smallest(), errors: { AADB2C90273: { goBack: false } } },
      /^errors\.AADB2C90273\.goBack: must be true$/,
    ],
    ['errors in a list', { ...smallest(), errors: [] }, /^errors: must be/],
    ['a port that is none', { ...smallest(), listen: { port: 70_000 } }, /^listen\.port: must be/],
    [
      'a callback that is no path',
      { ...smallest(), routes: { callback: 'x' } },
      /^routes\.callback: /,
    ],
  ];
  for (const [name, input, expected] of rows) {
    test(name, () => {
      const faults = faultsOf(input);
      assert.equal(faults.length, 1, faults.join(' | '));
      assert.match(faults[0] ?? '', expected);
    });
  }
});

const TENANT_ID = '22222222-2222-2222-2222-222222222222';
const externalId = () => ({
  kind: 'external-id',
  authority: 'https://contoso.ciamlogin.com',
  tenantId: TENANT_ID,
});
const generic = () => ({ kind: 'generic', issuer: 'https://login.example.com/realms/a/' });
const otherKind = (tenant: object, more: object = {}) => {
  const { client, session } = smallest();
  return { tenant, client, session, ...more };
};

describe('a tenant of another kind', () => {
  test('of External ID has its metadata under its own host and its issuer under its id', () => {
    const { tenant, policies, scopes } = parse(otherKind(externalId())).tenants[0];
    assert.deepEqual(tenant, {
      kind: 'external-id',
      allowPlainHttp: false,
      tenantId: TENANT_ID,
      issuer: `https://${TENANT_ID}.ciamlogin.com/${TENANT_ID}/v2.0`,
      discovery: new URL(
        `https://contoso.ciamlogin.com/${TENANT_ID}/v2.0/.well-known/openid-configuration`,
      ),
      endpointOrigins: [],
    });
    assert.deepEqual(policies, [
      { key: 'signIn', name: 'sign-in', signsIn: true, path: '/auth/sign_in' },
    ]);
    assert.deepEqual(scopes, ['offline_access', 'profile', 'email']);
  });
  test('of any provider has its metadata under its issuer, and any client id', () => {
    const client = { id: 'Any id', secret: 'client-secret' };
    const { tenant, ...config } = parse(otherKind(generic(), { client })).tenants[0];
    assert.ok(tenant.kind === 'generic');
    assert.equal(tenant.issuer, 'https://login.example.com/realms/a/');
    assert.equal(
      tenant.discovery.href,
      'https://login.example.com/realms/a/.well-known/openid-configuration',
    );
    assert.equal(config.client.id, 'Any id');
    assert.deepEqual(config.scopes, ['profile', 'email']);
  });
  test('can have metadata, issuer and endpoints wherever it says', () => {
    const given = {
      discovery: 'https://login.example.com/metadata.json',
      issuer: 'https://issuer.example.com/a',
      endpointOrigins: ['https://keys.example.com/', 'https://keys.example.com:8443'],
    };
    for (const kind of [externalId(), generic()]) {
      const { tenant } = parse(otherKind({ ...kind, ...given })).tenants[0];
      assert.ok(tenant.kind !== 'b2c');
      assert.equal(tenant.discovery.href, given.discovery);
      assert.equal(tenant.issuer, given.issuer);
      assert.deepEqual(tenant.endpointOrigins, [
        'https://keys.example.com',
        'https://keys.example.com:8443',
      ]);
    }
  });

  const rows: [string, unknown, RegExp][] = [
    [
      'that nobody knows',
      otherKind({ ...generic(), kind: 'adfs' }),
      /^tenant\.kind: must be "b2c", "external-id" or "generic"$/,
    ],
    [
      'has no policies',
      otherKind(externalId(), { policies: { signIn: 'B2C_1_susi' } }),
      /^policies: is not a setting of kind "external-id", which has one way to sign in$/,
    ],
    [
      'has no settings of a third one',
      otherKind({ ...generic(), tenantId: TENANT_ID }),
      /^tenant\.tenantId: is not a setting of kind "generic"$/,
    ],
    [
      'gives none to Azure AD B2C',
      { ...smallest(), tenant: { ...smallest().tenant, issuer: 'https://a.example' } },
      /^tenant\.issuer: is not a setting of kind "b2c"$/,
    ],
    [
      'has an id, if it is of External ID',
      otherKind({ ...externalId(), tenantId: undefined }),
      /^tenant\.tenantId: is missing\. It must be the tenant ID\.$/,
    ],
    [
      'has a GUID as client id, if it is of External ID',
      otherKind(externalId(), { client: { id: 'my-app', secret: 'x' } }),
      /^client\.id: must be .*1111/,
    ],
    [
      'has an authority without path, if it is of External ID',
      otherKind({ ...externalId(), authority: 'https://contoso.ciamlogin.com/contoso' }),
      /^tenant\.authority: must be a host without a path/,
    ],
    [
      'has an issuer',
      otherKind({ kind: 'generic' }),
      /^tenant\.issuer: is missing\. It must be the issuer, exactly/,
    ],
    [
      'has an issuer without query',
      otherKind({ kind: 'generic', issuer: 'https://a.example/?a' }),
      /^tenant\.issuer: must be a URL, .* without a query$/,
    ],
    [
      'has its issuer on https',
      otherKind({ kind: 'generic', issuer: 'http://a.example' }),
      /^tenant\.issuer: must begin with https:\/\/ \(plain HTTP/,
    ],
    [
      'has its metadata on https',
      otherKind({ ...externalId(), discovery: 'http://127.0.0.1:1/x' }),
      /^tenant\.discovery: must begin with https:\/\/, or set tenant\.allowPlainHttp/,
    ],
    [
      'has endpoint origins on https',
      otherKind({ ...generic(), endpointOrigins: ['http://a.example'] }),
      /^tenant\.endpointOrigins\.0: must begin with https/,
    ],
    [
      'has endpoint origins without path',
      otherKind({ ...generic(), endpointOrigins: ['https://a.example/x'] }),
      /^tenant\.endpointOrigins\.0: must be only scheme, host and port$/,
    ],
    [
      'has no errors of B2C, if it is of External ID',
      otherKind(externalId(), { errors: { AADB2C90091: { goBack: true } } }),
      /^errors\.AADB2C90091: must be a code of Microsoft Entra, such as "AADSTS65004"$/,
    ],
    [
      'has no codes of errors, if nobody knows it',
      otherKind(generic(), { errors: { AADSTS65004: { goBack: true } } }),
      /^errors\.AADSTS65004: is not a setting of kind "generic", whose errors have no codes$/,
    ],
    [
      'starts no policy on an error',
      otherKind(externalId(), { errors: { AADSTS65004: { startPolicy: 'resetPassword' } } }),
      /^errors\.AADSTS65004\.startPolicy: must be the name of one of the policies$/,
    ],
  ];
  for (const [name, input, expected] of rows) {
    test(name, () => {
      const faults = faultsOf(input);
      assert.equal(faults.length, 1, faults.join(' | '));
      assert.match(faults[0] ?? '', expected);
    });
  }
});

describe('a tenant beside the first one', () => {
  const beside = (tenants: object) => ({ ...smallest(), tenants });
  const external = () => {
    const { tenant, client } = otherKind(externalId());
    return { tenant, client };
  };
  test('is configured like the first, without anything of it', () => {
    const scopes = ['offline_access', 'https://c.example/api/read'];
    const config = parse({ ...beside({ external: { ...external(), label: 'New' } }), scopes });
    const [first, tenant] = config.tenants;
    assert.equal(tenant?.name, 'external');
    assert.equal(tenant?.label, 'New');
    assert.equal(tenant?.tenant.kind, 'external-id');
    assert.deepEqual(tenant?.scopes, ['offline_access', 'profile', 'email']);
    assert.deepEqual(tenant?.policies, [
      { key: 'signIn', name: 'sign-in', signsIn: true, path: '/auth/tenant/external/sign_in' },
    ]);
    assert.equal(tenant?.callbackPath, '/auth/tenant/external/redirect');
    assert.deepEqual(first.scopes, scopes);
  });
  const rows: [string, object, RegExp][] = [
    [
      'with a name that no path can hold',
      { 'a/b': external() },
      /^tenants\.a\/b: the name must consist of/,
    ],
    [
      'with a fault of a setting',
      { b: { ...external(), client: { id: 1, secret: 'x' } } },
      /^tenants\.b\.client\.id: must be the application \(client\) ID/,
    ],
    [
      'with settings that do not go together',
      { b: { ...external(), policies: { signIn: 'B2C_1_susi' } } },
      /^tenants\.b\.policies: is not a setting of kind "external-id"/,
    ],
    [
      'with settings of the whole program',
      { b: { ...external(), baseUrl: 'https://a.example' } },
      /^tenants\.b\.baseUrl: unknown setting$/,
    ],
    ['without client', { b: { tenant: externalId() } }, /^tenants\.b\.client: /],
    ['in a list', [external()], /^tenants: must be additional tenants by name$/],
  ];
  for (const [name, tenants, expected] of rows) {
    test(`${name} is refused`, () => {
      const faults = faultsOf(beside(tenants));
      assert.equal(faults.length, 1, faults.join(' | '));
      assert.match(faults[0] ?? '', expected);
    });
  }
});

test('all faults are named at once', () => {
  const input = {
    ...smallest(),
    client: { id: 'x', secret: '' },
    policies: {},
    listen: { port: -1 },
  };
  const settings = faultsOf(input).map((fault) => fault.split(':')[0]);
  assert.deepEqual(settings.sort(), [
    'client.id',
    'client.secret',
    'listen.port',
    'policies.signIn',
  ]);
});

test('nothing in the place of what follows an error is a fault like any other', () => {
  const [fault = '', ...more] = faultsOf({ ...smallest(), errors: { AADB2C90273: null } });
  assert.match(fault, /^errors\.AADB2C90273: must be \{/);
  assert.deepEqual(more, []);
});

test('no fault prints what is said to be the kind of a tenant', () => {
  for (const kind of ['MARKER-7f3a', 'constructor', '__proto__', 7]) {
    const faults = faultsOf({ ...smallest(), tenant: { ...smallest().tenant, kind } });
    assert.deepEqual(faults, ['tenant.kind: must be "b2c", "external-id" or "generic"']);
  }
});

test('no fault prints a value', () => {
  const marker = 'MARKER-7f3a';
  const faults = faultsOf({
    baseUrl: `http://user:${marker}@a.example/${marker}`,
    tenant: { authority: marker, tenantId: marker },
    client: { id: marker, secret: { value: marker }, authMethod: marker },
    policies: { signIn: marker },
    session: { secrets: [marker], store: { kind: marker } },
  });
  assert.ok(faults.length >= 7);
  assert.doesNotMatch(faults.join('\n'), new RegExp(marker));
});

describe('the environment overrides the file', () => {
  test('by the name of the setting, with or without underscores inside', () => {
    const env = {
      B2C_SIGNIN_BASE_URL: 'https://app.example',
      B2C_SIGNIN_SESSION_IDLEMINUTES: '5',
      B2C_SIGNIN_SESSION_SECRETS: `${SECRET}-new`,
      B2C_SIGNIN_SCOPES: '["offline_access", "https://c.example/api/read"]',
      B2C_SIGNIN_TENANT_ALLOW_PLAIN_HTTP: 'true',
      B2C_SIGNIN_CLIENT_SECRET: '{"env": "OTHER"}',
      B2C_SIGNIN_POLICIES_EDITPROFILE: 'B2C_1_edit',
      B2C_SIGNIN_POLICIES_INVITE: 'B2C_1A_invite',
      OTHER: 'from-elsewhere',
    };
    const config = parse(smallest(), env);
    assert.equal(config.baseUrl.href, 'https://app.example/');
    assert.equal(config.session.idleMinutes, 5);
    assert.deepEqual(config.session.secrets, [`${SECRET}-new`]);
    const [{ tenant, client, policies, scopes }] = config.tenants;
    assert.deepEqual(scopes, ['offline_access', 'https://c.example/api/read']);
    assert.equal(tenant.allowPlainHttp, true);
    assert.equal(client.secret, 'from-elsewhere');
    assert.deepEqual(
      policies.map(({ key }) => key),
      ['signIn', 'editProfile', 'invite'],
    );
  });
  test('and a variable that names no setting is a fault', () => {
    assert.deepEqual(faultsOf(smallest(), { B2C_SIGNIN_CLIENT_IDD: 'x' }), [
      'B2C_SIGNIN_CLIENT_IDD: unknown setting. Did you mean "B2C_SIGNIN_CLIENT_ID"?',
    ]);
    assert.deepEqual(faultsOf(smallest(), { B2C_SIGNIN_SESSION_IDLE_MINUTS: '1' }), [
      'B2C_SIGNIN_SESSION_IDLE_MINUTS: unknown setting. Did you mean "B2C_SIGNIN_SESSION_IDLE_MINUTES"?',
    ]);
    assert.deepEqual(faultsOf(smallest(), { B2C_SIGNIN_RETRIES: '3' }), [
      'B2C_SIGNIN_RETRIES: unknown setting',
    ]);
  });
});

const pythonSample = {
  type: { client_type: 'CONFIDENTIAL', authority_type: 'B2C', framework: 'FLASK' },
  client: {
    client_id: '11111111-1111-1111-1111-111111111111',
    client_credential: 'client-secret',
    authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com',
  },
  b2c: { susi: '/B2C_1_susi', profile: '/B2C_1_edit', password: '/B2C_1_reset' },
  auth_request: { redirect_uri: null, scopes: [], response_type: 'code' },
  flask: {
    id_web_configs: 'MS_ID_WEB_CONFIGS',
    auth_endpoints: { prefix: '/auth', sign_in: '/sign_in', redirect: '/redirect' },
  },
  django: null,
};

test("the Python sample's configuration file works as it is, with a session secret beside it", () => {
  const config = parse(pythonSample, { B2C_SIGNIN_SESSION_SECRETS: SECRET });
  const [{ client, policies, callbackPath }] = config.tenants;
  assert.equal(client.secret, 'client-secret');
  assert.deepEqual(
    policies.map(({ name }) => name),
    ['B2C_1_susi', 'B2C_1_edit', 'B2C_1_reset'],
  );
  assert.equal(callbackPath, '/auth/redirect');
  assert.match(faultsOf(pythonSample)[0] ?? '', /^B2C_SIGNIN_SESSION_SECRETS: /);
});

test('a registered redirect URI in the Python file fixes base address and callback', () => {
  const sample = {
    client: {
      client_id: '11111111-1111-1111-1111-111111111111',
      client_credential: 'client-secret',
      authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com',
    },
    b2c: { susi: '/B2C_1_susi' },
    auth_request: { redirect_uri: 'https://app.example/here', scopes: ['https://c.example/a'] },
  };
  const config = parse(sample, { B2C_SIGNIN_SESSION_SECRETS: SECRET });
  assert.equal(config.baseUrl.origin, 'https://app.example');
  const [{ callbackPath, scopes }] = config.tenants;
  assert.equal(callbackPath, '/here');
  assert.deepEqual(scopes, ['https://c.example/a', 'offline_access']);
});

const appSettings = {
  Logging: { LogLevel: { Default: 'Information' } },
  AllowedHosts: '*',
  AzureAdB2C: {
    Instance: 'https://contoso.b2clogin.com/tfp/',
    Domain: 'contoso.onmicrosoft.com',
    ClientId: '11111111-1111-1111-1111-111111111111',
    ClientSecret: 'client-secret',
    SignUpSignInPolicyId: 'B2C_1_susi',
    ResetPasswordPolicyId: 'B2C_1_reset',
    EditProfilePolicyId: '',
    CallbackPath: '/signin-oidc',
  },
};

test('a configuration without policies says what is missing', () => {
  const { policies: _, ...input } = smallest();
  assert.deepEqual(faultsOf(input), [
    'policies: is missing. Name the sign-in policy, such as { "signIn": "B2C_1_susi" }.',
  ]);
});

test('whatever is missing is told to be missing', () => {
  const { client } = smallest();
  const rows: [object, ...string[]][] = [
    [
      { tenant: {}, client: {}, policies: {}, session: {} },
      'tenant.authority: is missing. It must be the URL of the tenant, without a policy.',
      'client.id: is missing. It must be the application (client) ID.',
      'client.secret: is missing. It must be a string, { "env": NAME } or { "file": PATH }.',
      'policies.signIn: is missing. It must be the name of a policy, or { "name", "signsIn", "label" }.',
      'session.secrets: is missing. It must be a list of secrets of 32 characters or more: the first one signs, all are accepted.',
    ],
    [
      { tenant: undefined, client: undefined, session: undefined },
      ...['tenant', 'client', 'session'].map(
        (name) => `${name}: is missing. It must be an object with the settings of this section.`,
      ),
    ],
    [
      { tenants: { b: { tenant: smallest().tenant, policies: smallest().policies, client: {} } } },
      'tenants.b.client.id: is missing. It must be the application (client) ID.',
      'tenants.b.client.secret: is missing. It must be a string, { "env": NAME } or { "file": PATH }.',
    ],
    // What is there and wrong is not missing, nor is what has a default and does not go with the rest.
    [
      { client: { ...client, secret: 1 } },
      'client.secret: must be a string, { "env": NAME } or { "file": PATH }',
    ],
    [
      { session: { secrets: [SECRET], absoluteMinutes: 10 } },
      'session.idleMinutes: must not be more than session.absoluteMinutes',
    ],
  ];
  for (const [more, ...expected] of rows) {
    assert.deepEqual(faultsOf({ ...smallest(), ...more }).sort(), expected.sort());
  }
});

test('a file from elsewhere without a session secret is told the variable that it comes from', () => {
  for (const input of [pythonSample, appSettings]) {
    assert.deepEqual(faultsOf(input), [
      'B2C_SIGNIN_SESSION_SECRETS: is missing. Set this environment variable; this kind of file has no such setting. It must be a list of secrets of 32 characters or more: the first one signs, all are accepted.',
    ]);
  }
});

test('the placeholder of an example is no secret', () => {
  for (const placeholder of ['…', '...']) {
    const env = { B2C_SIGNIN_CLIENT_SECRET: placeholder };
    assert.deepEqual(faultsOf(smallest(), env), [
      'client.secret: is the placeholder of an example; replace it with the secret',
    ]);
  }
  assert.equal(
    parse(smallest(), { B2C_SIGNIN_CLIENT_SECRET: '....' }).tenants[0].client.secret,
    '....',
  );
});

test('an appsettings.json with an AzureAdB2C section works as it is', () => {
  const config = parse(appSettings, { B2C_SIGNIN_SESSION_SECRETS: SECRET });
  const [{ tenant, policies, callbackPath }] = config.tenants;
  assert.ok(tenant.kind === 'b2c');
  assert.equal(tenant.authority.href, 'https://contoso.b2clogin.com/contoso.onmicrosoft.com');
  assert.equal(callbackPath, '/signin-oidc');
  assert.deepEqual(
    policies.map(({ key }) => key),
    ['signIn', 'resetPassword'],
  );
});

test('TLS files are read, template folders are made absolute', () => {
  const listen = { tls: { cert: 'cert.pem', key: 'cert.pem' } };
  const config = parse({ ...smallest(), listen, templates: 'mine' });
  assert.deepEqual(config.listen.tls, { cert: 'CERT', key: 'CERT' });
  assert.equal(config.templates, '/folder/mine');
  assert.equal(config.baseUrl.href, 'https://localhost:3000/');
});

describe('whatever JSON is given, there are faults that name settings or a configuration', () => {
  const MARKER = 'MARKER-of-a-secret-with-40-characters---';
  const ours = { ...smallest(), client: { ...smallest().client, secret: MARKER } };
  const python = { ...pythonSample, client: { ...pythonSample.client, client_credential: MARKER } };
  const appsettings = { AzureAdB2C: { ...appSettings.AzureAdB2C, ClientSecret: MARKER } };
  const hostile = fc.constantFrom<unknown>(
    ...[{ toString: 1 }, { __proto__: null }, { env: '__proto__' }, { file: 'nope' }, MARKER],
    ...[[[]], { secret: MARKER }, [MARKER], -0, 1e300, '', ' ', '\n', 'http://', 'https://a:b@c/'],
  );
  const value = fc.oneof(hostile, fc.jsonValue());

  const check = (input: unknown, env: Record<string, string> = {}) => {
    // As a file would hold it.
    const json = JSON.stringify(input);
    const faults = faultsOf(json === undefined ? undefined : JSON.parse(json), env);
    for (const fault of faults) {
      assert.match(fault, /^[^\n]+: [^\n]+$/);
      assert.doesNotMatch(fault, /MARKER/);
    }
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
    assert.equal(Object.keys(Object.prototype).length, 0);
  };

  test('instead of the whole', () => {
    fc.assert(fc.property(value, (whole) => check(whole)));
  });

  const client = { id: TENANT_ID, secret: MARKER };
  const errors = { AADB2C90273: { goBack: true } };
  const beside = { ...generic(), endpointOrigins: ['https://a.example'] };
  const tenants = { new: { tenant: externalId(), client }, other: { tenant: beside, client } };
  const several = { ...ours, errors, tenants };
  for (const [name, base] of Object.entries({ ours, python, appsettings, several })) {
    test(`instead of any part of a good file (${name})`, () => {
      const parts = fc.constantFrom(...pathsIn(base), ['__proto__'], ['constructor', 'prototype']);
      const env = { B2C_SIGNIN_SESSION_SECRETS: MARKER };
      fc.assert(
        fc.property(parts, value, fc.boolean(), (path, part, withEnv) => {
          check(replaced(base, path, part), withEnv ? env : {});
        }),
        { numRuns: 500 },
      );
    });
  }
});

/** The path of every member of nested objects. */
function pathsIn(value: object, above: string[] = []): string[][] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = [...above, name];
    return [path, ...(typeof inner === 'object' && inner ? pathsIn(inner, path) : [])];
  });
}

/** A copy in which `part` stands at `path`, as an own member whatever its name. */
function replaced(base: unknown, [name, ...rest]: string[], part: unknown): unknown {
  if (name === undefined) return part;
  const copy = (Array.isArray(base) ? [...base] : { ...(base as object) }) as object;
  const inner = Object.hasOwn(copy, name) ? Reflect.get(copy, name) : {};
  return Object.defineProperty(copy, name, {
    ...{ value: replaced(inner, rest, part), enumerable: true, configurable: true },
  });
}
