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

function errorsIn(input: unknown, env: Record<string, string> = {}): string[] {
  try {
    parse(input, env);
  } catch (error) {
    assert.ok(error instanceof SignInError);
    assert.equal(error.code, 'config_invalid');
    return error.message.split('\n');
  }
  return [];
}

test('the smallest configuration gets all defaults', () => {
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
    claimTypes: {},
    scopes: ['offline_access'],
    responseMode: 'query',
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

test('config.example.json is valid once its secrets are set', () => {
  const example = JSON.parse(
    readFileSync(new URL('../../config.example.json', import.meta.url), 'utf8'),
  );
  const config = parse(example, { B2C_CLIENT_SECRET: 'x', SESSION_SECRET: SECRET });
  const [{ client, policies }] = config.tenants;
  assert.equal(client.secret, 'x');
  assert.equal(policies.length, 3);
});

test('config.schema.json is generated from the current schema', () => {
  const stored = readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8');
  assert.equal(stored, configSchemaText());
});

test('a policy with any name can start a session', () => {
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

test('a policy has constant parameters and names of parameters of links', () => {
  const invite = {
    name: 'B2C_1A_invite',
    parameters: { campaignId: 'web', domain_hint: 'google.com' },
    passThrough: ['id_token_hint', 'utm_source'],
  };
  const policies = { signIn: 'B2C_1_susi', invite };
  const [, parsed] = parse({ ...smallest(), policies }).tenants[0].policies;
  const defaults = { key: 'invite', signsIn: false, path: '/auth/policy/invite' };
  assert.deepEqual(parsed, { ...invite, ...defaults });
  const env = { B2C_SIGNIN_POLICIES_INVITE: JSON.stringify(invite) };
  assert.deepEqual(parse(smallest(), env).tenants[0].policies[1], parsed);
});

describe('a policy is rejected', () => {
  const rows: [what: string, members: object, issue: string][] = [
    ...[
      ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce'],
      ...['code_challenge', 'code_challenge_method', 'request', 'request_uri', 'p', 'Client_ID'],
    ].flatMap((name): [string, object, string][] => {
      const rest = `"${name}" is a protocol parameter, which b2c-signin sets itself. Remove it.`;
      return [
        [
          `with ${name} in parameters`,
          { parameters: { [name]: 'x' } },
          `parameters.${name}: ${rest}`,
        ],
        [`with ${name} in passThrough`, { passThrough: ['a', name] }, `passThrough.1: ${rest}`],
      ];
    }),
    [
      'with prompt in parameters',
      { parameters: { prompt: 'login' } },
      'parameters.prompt: "prompt" is a protocol parameter. Remove it. Links to the policy may contain prompt, which b2c-signin checks.',
    ],
    [
      'with return_to in passThrough',
      { passThrough: ['return_to'] },
      'passThrough.0: "return_to" is a parameter of b2c-signin, which is not for the tenant. Remove it.',
    ],
    [
      'with a name that no parameter has',
      { passThrough: ['a b'] },
      'passThrough.0: is not the name of a query parameter',
    ],
    [
      'with a value that is not a string',
      { parameters: { a: 1 } },
      'parameters.a: must be a string of 1 to 512 characters, without control characters, "<" and ">"',
    ],
    [
      'with markup in a value',
      { parameters: { a: '<b>' } },
      'parameters.a: must be a string of 1 to 512 characters, without control characters, "<" and ">"',
    ],
    [
      'with parameters in a list',
      { parameters: ['a'] },
      'parameters: must be parameters with their values, such as { "campaignId": "web" }',
    ],
    [
      'with one name in place of the list',
      { passThrough: 'id_token_hint' },
      'passThrough: must be a list of parameter names, such as ["id_token_hint"]',
    ],
    [
      'with a misspelled member',
      { passTrough: ['a'] },
      'passTrough: unknown setting. Did you mean "passThrough"?',
    ],
  ];
  for (const [what, members, issue] of rows) {
    test(what, () => {
      const invite = { name: 'B2C_1A_invite', ...members };
      const policies = { signIn: 'B2C_1_susi', invite };
      assert.deepEqual(errorsIn({ ...smallest(), policies }), [`policies.invite.${issue}`]);
    });
  }
});

test('the action for an error code is to start a policy or to go back', () => {
  const errors = { AADB2C90273: { startPolicy: 'signIn' }, AADB2C90157: { goBack: true } };
  assert.deepEqual(parse({ ...smallest(), errors }).tenants[0].errors, errors);
  assert.deepEqual(parse(smallest()).tenants[0].errors, {});
  const env = { B2C_SIGNIN_ERRORS: JSON.stringify(errors) };
  assert.deepEqual(parse(smallest(), env).tenants[0].errors, errors);
});

describe('a secret can be', () => {
  const secretsOf = (secret: unknown, env = {}) =>
    parse({ ...smallest(), session: { secrets: [secret] } }, env).session.secrets[0];
  test('in the configuration file', () => assert.equal(secretsOf(SECRET), SECRET));
  test('in an environment variable', () =>
    assert.equal(secretsOf({ env: 'S' }, { S: SECRET }), SECRET));
  test('in a separate file, whose last newline is ignored', () => {
    assert.equal(secretsOf({ file: 'secret.txt' }), SECRET);
  });
});

test('a secret in place of a variable name is not repeated', () => {
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
      const errors = errorsIn(input, env);
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? '', NAMES);
      assert.ok(!errors[0]?.includes(secret));
    }
  }
  const client = { ...smallest().client, secret: { env: 'lower_case' } };
  assert.equal(parse({ ...smallest(), client }, { lower_case: 'x' }).tenants[0].client.secret, 'x');
});

const storeFaults: [string, object | string, string][] = [
  ['a store that is a string', 'redis', ': must be { "kind"'],
  ['a store without a server', {}, '.url: give one of "url", "sentinels" and "cluster"$'],
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
  ['a store URL with a path', { url: 'redis://a/2' }, '.url: must be only scheme, host and port$'],
  ['a cluster without URLs', { cluster: [] }, '.cluster: must contain at least one URL$'],
  [
    'TLS for some of a cluster',
    { cluster: ['redis://a', 'rediss://b'] },
    '.cluster: must all begin with redis://, or all with rediss://$',
  ],
  [
    'Sentinels without a master',
    { sentinels: ['redis://a'] },
    '.master: is required with "sentinels"',
  ],
  [
    'a master without Sentinels',
    { url: 'redis://a', master: 'm' },
    '.master: is allowed with "sent',
  ],
  ['a user without password', { url: 'redis://a', username: 'u' }, '.password: is required with'],
  [
    'a Sentinel password without Sentinels',
    { url: 'redis://a', sentinelPassword: 'p' },
    '.sentinelPassword: is allowed with "sentinels" only$',
  ],
  [
    'a password of a store whose variable is not set',
    { url: 'redis://a', password: { env: 'NOPE' } },
    '.password.env: the environment variable NOPE is not set\\. Set it in the environment of the server\\.$',
  ],
  [
    'a database number for a cluster',
    { cluster: ['redis://a'], database: 1 },
    '.database: must be 0 with',
  ],
  [
    'an authority without TLS',
    { url: 'redis://a', caFile: 'cert.pem' },
    '.caFile: is allowed with rediss',
  ],
  ['a file that does not exist', { url: 'rediss://a', caFile: 'x' }, '.caFile: names a file that'],
  [
    'a prefix with a hash tag',
    { url: 'redis://a', prefix: '{a}:' },
    '.prefix: must consist of letters',
  ],
  ['a timeout that is too short', { url: 'redis://a', timeoutMs: 1 }, '.timeoutMs: must be 50'],
  [
    'the bound of another kind',
    { url: 'redis://a', maxSessions: 5 },
    '.maxSessions: unknown setting',
  ],
];

test('a store can be one server, use Sentinels or be a cluster, with its secrets in the environment', () => {
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

describe('each issue names the setting and a valid value', () => {
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
      'an unknown setting of an additional tenant',
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
    [
      'a client ID that is not a GUID',
      withIn('client', { id: 'my-app' }),
      /^client\.id: must be .*1111/,
    ],
    ['an empty client secret', withIn('client', { secret: '' }), /^client\.secret: .*1 characters/],
    [
      'a secret whose variable is not set',
      withIn('client', { secret: { env: 'NOPE' } }),
      /^client\.secret\.env: the environment variable NOPE is not set\. Set it in the environment of the server\.$/,
    ],
    [
      'a secret whose file does not exist',
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
      'an idle timeout above the absolute one',
      withIn('session', { idleMinutes: 500 }),
      /^session\.idleMinutes: must not be more than session\.absoluteMinutes$/,
    ],
    [
      're-authentication that is neither on nor off',
      withIn('session', { reauthenticateAfterIdle: 'yes' }),
      /^session\.reauthenticateAfterIdle: must be true or false$/,
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
      'an invalid policy name',
      { ...smallest(), policies: { signIn: 'susi' } },
      /^policies\.signIn: must be the name of a user flow/,
    ],
    [
      'a type of claims that does not exist',
      { ...smallest(), claimTypes: { groups: 'array' } },
      /^claimTypes\.groups: must be "boolean", "json" or \{ "list": SEPARATOR \}$/,
    ],
    [
      'a list of claims without a separator',
      { ...smallest(), claimTypes: { groups: { list: '' } } },
      /^claimTypes\.groups\.list: must be the separator of the items, such as ","$/,
    ],
    [
      'a type for a claim about the token',
      { ...smallest(), claimTypes: { sub: 'json' } },
      /^claimTypes\.sub: describes the token or the authentication/,
    ],
    [
      'a policy key that cannot be in a path',
      { ...smallest(), policies: { signIn: 'B2C_1_a', 'a/b': 'B2C_1_b' } },
      /^policies\.a\/b: the name must consist of letters/,
    ],
    [
      'a role of a policy in another spelling',
      { ...smallest(), policies: { signIn: 'B2C_1_a', edit_profile: 'B2C_1_b' } },
      /^policies\.edit_profile: is misspelled. Write "editProfile"\.$/,
    ],
    [
      'a role of a policy with its words in another order',
      { ...smallest(), policies: { signIn: 'B2C_1_a', passwordReset: 'B2C_1_b' } },
      /^policies\.passwordReset: is misspelled. Write "resetPassword"\.$/,
    ],
    ['a public URL over http', { ...smallest(), baseUrl: 'http://a.example' }, /^baseUrl: .*https/],
    [
      'a public URL with a path',
      { ...smallest(), baseUrl: 'https://a.example/app' },
      /^baseUrl: .*without a path$/,
    ],
    [
      'a path in place of the public URL',
      { ...smallest(), baseUrl: '/app' },
      /^baseUrl: must be a URL, /,
    ],
    [
      'a public URL without a scheme',
      { ...smallest(), baseUrl: 'a.example' },
      /^baseUrl: must be a URL, /,
    ],
    [
      'a public URL with a query',
      { ...smallest(), baseUrl: 'https://a.example/?x=1' },
      /^baseUrl: .*without a path$/,
    ],
    [
      'a public URL with a user',
      { ...smallest(), baseUrl: 'https://a@b.example' },
      /^baseUrl: .*without a path$/,
    ],
    [
      'a public URL with a trailing space',
      { ...smallest(), baseUrl: 'https://a.example ' },
      /^baseUrl: must be a URL, /,
    ],
    [
      'an authority with a trailing space',
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
      'a client ID with a trailing space',
      withIn('client', { id: '11111111-1111-1111-1111-111111111111 ' }),
      /^client\.id: must be /,
    ],
    [
      'a client secret with a trailing space',
      withIn('client', { secret: 'x ' }),
      /^client\.secret: must not begin or end with whitespace$/,
    ],
    [
      'a session secret with a leading tab',
      withIn('session', { secrets: [`\t${SECRET}`] }),
      /^session\.secrets\.0: must not begin or end/,
    ],
    [
      'a secret file with an empty line at its end',
      withIn('session', { secrets: [{ file: 'two-lines.txt' }] }),
      /^session\.secrets\.0: must not begin or end/,
    ],
    [
      'a policy with a trailing space',
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
      'an error code that is not a code of B2C',
      { ...smallest(), errors: { AADB2C9: { goBack: true } } },
      /^errors\.AADB2C9: must be a code of Azure AD B2C, such as "AADB2C90273", or the name of an error, such as "account_pending"$/,
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
      'an error with an unknown action',
      { ...smallest(), errors: { AADB2C90273: { ignore: true } } },
      /^errors\.AADB2C90273: must be \{ "startPolicy": NAME \} or \{ "goBack": true \}$/,
    ],
    [
      'an error with two actions',
      { ...smallest(), errors: { AADB2C90273: { startPolicy: 'signIn', goBack: true } } },
      /^errors\.AADB2C90273: must be \{/,
    ],
    [
      'an error that does not go back',
      { ...smallest(), errors: { AADB2C90273: { goBack: false } } },
      /^errors\.AADB2C90273\.goBack: must be true$/,
    ],
    [
      'the session secret of an example at a public URL',
      {
        ...smallest(),
        baseUrl: 'https://app.example.com',
        session: { secrets: [SECRET, 'a text of 32 characters or more, of your own'] },
      },
      /^session\.secrets\.1: is the secret of an example, .*openssl rand -base64 32$/,
    ],
    ['errors in a list', { ...smallest(), errors: [] }, /^errors: must be/],
    ['an invalid port', { ...smallest(), listen: { port: 70_000 } }, /^listen\.port: must be/],
    [
      'form_post without HTTPS',
      { ...smallest(), responseMode: 'form_post' },
      /^responseMode: "form_post" requires HTTPS.*Set baseUrl to a URL with https/,
    ],
    [
      'an unknown response mode',
      { ...smallest(), responseMode: 'fragment' },
      /^responseMode: must be "query" or "form_post"/,
    ],
    [
      'a callback that is not a path',
      { ...smallest(), routes: { callback: 'x' } },
      /^routes\.callback: /,
    ],
  ];
  for (const [name, input, expected] of rows) {
    test(name, () => {
      const errors = errorsIn(input);
      assert.equal(errors.length, 1, errors.join(' | '));
      assert.match(errors[0] ?? '', expected);
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
  test('External ID has its discovery document on its host, and its ID in the issuer', () => {
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
  test('a generic provider has its discovery document under its issuer, and any client ID', () => {
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
  test('discovery URL, issuer and endpoint origins can be set', () => {
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
      'is rejected if it is unknown',
      otherKind({ ...generic(), kind: 'adfs' }),
      /^tenant\.kind: must be "b2c", "external-id" or "generic"$/,
    ],
    [
      'has no policies',
      otherKind(externalId(), { policies: { signIn: 'B2C_1_susi' } }),
      /^policies: is not a setting of kind "external-id", which has one way to sign in$/,
    ],
    [
      'has no settings of another kind',
      otherKind({ ...generic(), tenantId: TENANT_ID }),
      /^tenant\.tenantId: is not a setting of kind "generic"$/,
    ],
    [
      'does not give its settings to Azure AD B2C',
      { ...smallest(), tenant: { ...smallest().tenant, issuer: 'https://a.example' } },
      /^tenant\.issuer: is not a setting of kind "b2c"$/,
    ],
    [
      'needs a tenant ID for External ID',
      otherKind({ ...externalId(), tenantId: undefined }),
      /^tenant\.tenantId: is missing\. It must be the tenant ID\.$/,
    ],
    [
      'needs a GUID as client ID for External ID',
      otherKind(externalId(), { client: { id: 'my-app', secret: 'x' } }),
      /^client\.id: must be .*1111/,
    ],
    [
      'needs an authority without path for External ID',
      otherKind({ ...externalId(), authority: 'https://contoso.ciamlogin.com/contoso' }),
      /^tenant\.authority: must be a host without a path/,
    ],
    [
      'needs an issuer',
      otherKind({ kind: 'generic' }),
      /^tenant\.issuer: is missing\. It must be the issuer, exactly/,
    ],
    [
      'needs an issuer without query',
      otherKind({ kind: 'generic', issuer: 'https://a.example/?a' }),
      /^tenant\.issuer: must be a URL, .* without a query$/,
    ],
    [
      'needs an issuer on HTTPS',
      otherKind({ kind: 'generic', issuer: 'http://a.example' }),
      /^tenant\.issuer: must begin with https:\/\/ \(plain HTTP/,
    ],
    [
      'needs a discovery URL on HTTPS',
      otherKind({ ...externalId(), discovery: 'http://127.0.0.1:1/x' }),
      /^tenant\.discovery: must begin with https:\/\/, or set tenant\.allowPlainHttp/,
    ],
    [
      'needs endpoint origins on HTTPS',
      otherKind({ ...generic(), endpointOrigins: ['http://a.example'] }),
      /^tenant\.endpointOrigins\.0: must begin with https/,
    ],
    [
      'needs endpoint origins without path',
      otherKind({ ...generic(), endpointOrigins: ['https://a.example/x'] }),
      /^tenant\.endpointOrigins\.0: must be only scheme, host and port$/,
    ],
    [
      'has no B2C error codes for External ID',
      otherKind(externalId(), { errors: { AADB2C90091: { goBack: true } } }),
      /^errors\.AADB2C90091: must be a code of Microsoft Entra, such as "AADSTS65004", or the name of an error/,
    ],
    [
      'has no error codes for a generic provider',
      otherKind(generic(), { errors: { AADSTS65004: { goBack: true } } }),
      /^errors\.AADSTS65004: is not a setting of kind "generic", whose errors have no codes$/,
    ],
    [
      'cannot start a policy on an error',
      otherKind(externalId(), { errors: { AADSTS65004: { startPolicy: 'resetPassword' } } }),
      /^errors\.AADSTS65004\.startPolicy: must be the name of one of the policies$/,
    ],
  ];
  for (const [name, input, expected] of rows) {
    test(name, () => {
      const errors = errorsIn(input);
      assert.equal(errors.length, 1, errors.join(' | '));
      assert.match(errors[0] ?? '', expected);
    });
  }
});

describe('an additional tenant', () => {
  const beside = (tenants: object) => ({ ...smallest(), tenants });
  const external = () => {
    const { tenant, client } = otherKind(externalId());
    return { tenant, client };
  };
  test('is configured like the first one, without its settings', () => {
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
      'with a name that cannot be in a path',
      { 'a/b': external() },
      /^tenants\.a\/b: the name must consist of/,
    ],
    [
      'with an invalid setting',
      { b: { ...external(), client: { id: 1, secret: 'x' } } },
      /^tenants\.b\.client\.id: must be the application \(client\) ID/,
    ],
    [
      'with settings that do not go together',
      { b: { ...external(), policies: { signIn: 'B2C_1_susi' } } },
      /^tenants\.b\.policies: is not a setting of kind "external-id"/,
    ],
    [
      'with settings of the server',
      { b: { ...external(), baseUrl: 'https://a.example' } },
      /^tenants\.b\.baseUrl: unknown setting$/,
    ],
    ['without client', { b: { tenant: externalId() } }, /^tenants\.b\.client: /],
    ['in a list', [external()], /^tenants: must be additional tenants by name$/],
  ];
  for (const [name, tenants, expected] of rows) {
    test(`${name} is rejected`, () => {
      const errors = errorsIn(beside(tenants));
      assert.equal(errors.length, 1, errors.join(' | '));
      assert.match(errors[0] ?? '', expected);
    });
  }
});

test('all issues are reported at once', () => {
  const input = {
    ...smallest(),
    client: { id: 'x', secret: '' },
    policies: {},
    listen: { port: -1 },
  };
  const settings = errorsIn(input).map((fault) => fault.split(':')[0]);
  assert.deepEqual(settings.sort(), [
    'client.id',
    'client.secret',
    'listen.port',
    'policies.signIn',
  ]);
});

test('null as the action for an error code is an issue', () => {
  const [fault = '', ...more] = errorsIn({ ...smallest(), errors: { AADB2C90273: null } });
  assert.match(fault, /^errors\.AADB2C90273: must be \{/);
  assert.deepEqual(more, []);
});

test('no issue prints an invalid kind of tenant', () => {
  for (const kind of ['MARKER-7f3a', 'constructor', '__proto__', 7]) {
    const errors = errorsIn({ ...smallest(), tenant: { ...smallest().tenant, kind } });
    assert.deepEqual(errors, ['tenant.kind: must be "b2c", "external-id" or "generic"']);
  }
});

test('no issue prints a value', () => {
  const marker = 'MARKER-7f3a';
  const errors = errorsIn({
    baseUrl: `http://user:${marker}@a.example/${marker}`,
    tenant: { authority: marker, tenantId: marker },
    client: { id: marker, secret: { value: marker }, authMethod: marker },
    policies: { signIn: marker },
    session: { secrets: [marker], store: { kind: marker } },
  });
  assert.ok(errors.length >= 7);
  assert.doesNotMatch(errors.join('\n'), new RegExp(marker));
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
  test('a variable that names no setting is an issue', () => {
    assert.deepEqual(errorsIn(smallest(), { B2C_SIGNIN_CLIENT_IDD: 'x' }), [
      'B2C_SIGNIN_CLIENT_IDD: unknown setting. Did you mean "B2C_SIGNIN_CLIENT_ID"?',
    ]);
    assert.deepEqual(errorsIn(smallest(), { B2C_SIGNIN_SESSION_IDLE_MINUTS: '1' }), [
      'B2C_SIGNIN_SESSION_IDLE_MINUTS: unknown setting. Did you mean "B2C_SIGNIN_SESSION_IDLE_MINUTES"?',
    ]);
    assert.deepEqual(errorsIn(smallest(), { B2C_SIGNIN_RETRIES: '3' }), [
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

test("the Python sample's configuration file is accepted, with a session secret in the environment", () => {
  const config = parse(pythonSample, { B2C_SIGNIN_SESSION_SECRETS: SECRET });
  const [{ client, policies, callbackPath }] = config.tenants;
  assert.equal(client.secret, 'client-secret');
  assert.deepEqual(
    policies.map(({ name }) => name),
    ['B2C_1_susi', 'B2C_1_edit', 'B2C_1_reset'],
  );
  assert.equal(callbackPath, '/auth/redirect');
  assert.match(errorsIn(pythonSample)[0] ?? '', /^B2C_SIGNIN_SESSION_SECRETS: /);
});

test('a redirect URI in the Python file sets baseUrl and callback', () => {
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

describe('an appsettings.json', () => {
  const withSection = (section: object) => ({
    AzureAdB2C: { ...appSettings.AzureAdB2C, ...section },
  });
  const env = { B2C_SIGNIN_SESSION_SECRETS: SECRET };

  test('may write its keys in any case, as .NET does', () => {
    const { ClientId: _, ...others } = appSettings.AzureAdB2C;
    const input = { AzureAdB2C: { ...others, clientid: '33333333-3333-3333-3333-333333333333' } };
    const [{ client }] = parse(input, env).tenants;
    assert.equal(client.id, '33333333-3333-3333-3333-333333333333');
  });

  test('may have the client secret in ClientCredentials', () => {
    const certificate = { SourceType: 'Path', CertificateDiskPath: 'a.pfx' };
    const secret = { SourceType: 'ClientSecret', ClientSecret: 'a-secret-of-a-credential' };
    const input = withSection({ ClientSecret: '', ClientCredentials: [certificate, secret] });
    const [{ client }] = parse(input, env).tenants;
    assert.equal('secret' in client && client.secret, 'a-secret-of-a-credential');
  });

  test('may have keys that are for ASP.NET', () => {
    const others = { SignedOutCallbackPath: '/signout', ClientCertificates: [], SaveTokens: true };
    assert.deepEqual(errorsIn(withSection(others), env), []);
  });

  const placeholder =
    'is the placeholder of a template. Replace it with the value that the portal shows.';
  const rows: [name: string, section: object, issues: string[]][] = [
    [
      'with a misspelled key',
      { SignUpSignInPolicy: 'B2C_1_a', ClintId: 'x' },
      [
        'AzureAdB2C.SignUpSignInPolicy: unknown setting. Did you mean "SignUpSignInPolicyId"?',
        'AzureAdB2C.ClintId: unknown setting. Did you mean "ClientId"?',
      ],
    ],
    [
      'with zeros as client ID',
      { ClientId: '00000000-0000-0000-0000-000000000000' },
      [`AzureAdB2C.ClientId: ${placeholder}`],
    ],
    [
      'with nines as tenant ID',
      { TenantId: '99999999-9999-9999-9999-999999999999' },
      [`AzureAdB2C.TenantId: ${placeholder}`],
    ],
    [
      'with a secret of zeros in ClientCredentials',
      {
        ClientSecret: undefined,
        ClientCredentials: [{ SourceType: 'ClientSecret', ClientSecret: '0000000000' }],
      },
      [`AzureAdB2C.ClientCredentials.0.ClientSecret: ${placeholder}`],
    ],
    [
      'with a certificate only',
      { ClientSecret: undefined, ClientCredentials: [{ SourceType: 'Path' }] },
      [
        'AzureAdB2C.ClientSecret: is missing. It must be a string, { "env": NAME } or { "file": PATH }.',
      ],
    ],
    [
      'with the start page as callback',
      { CallbackPath: '/' },
      [
        'AzureAdB2C.CallbackPath: must not be "/", the start page: a request for it is usually no response of the tenant. Register a redirect URI with another path, such as "https://HOST/auth/redirect".',
      ],
    ],
  ];
  for (const [name, section, issues] of rows) {
    test(`${name} is rejected`, () => {
      assert.deepEqual(errorsIn(withSection(section), env), issues);
    });
  }
});

test('missing policies are reported', () => {
  const { policies: _, ...input } = smallest();
  assert.deepEqual(errorsIn(input), [
    'policies: is missing. Name the sign-in policy, such as { "signIn": "B2C_1_susi" }.',
  ]);
});

test('missing settings are reported as missing', () => {
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
    // An invalid value is not missing, and neither is a default that contradicts another setting.
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
    assert.deepEqual(errorsIn({ ...smallest(), ...more }).sort(), expected.sort());
  }
});

test('a file of another format without a session secret is told the variable', () => {
  for (const input of [pythonSample, appSettings]) {
    assert.deepEqual(errorsIn(input), [
      'B2C_SIGNIN_SESSION_SECRETS: is missing. Set this environment variable; this kind of file has no such setting. It must be a list of secrets of 32 characters or more: the first one signs, all are accepted.',
    ]);
  }
});

test('the placeholder of an example is rejected as a secret', () => {
  for (const placeholder of ['…', '...']) {
    const env = { B2C_SIGNIN_CLIENT_SECRET: placeholder };
    assert.deepEqual(errorsIn(smallest(), env), [
      'client.secret: is the placeholder of an example; replace it with the secret',
    ]);
  }
  assert.equal(
    parse(smallest(), { B2C_SIGNIN_CLIENT_SECRET: '....' }).tenants[0].client.secret,
    '....',
  );
});

test('an appsettings.json with an AzureAdB2C section is accepted', () => {
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

test('TLS files are read, template folders become absolute paths', () => {
  const listen = { tls: { cert: 'cert.pem', key: 'cert.pem' } };
  const config = parse({ ...smallest(), listen, templates: 'mine' });
  assert.deepEqual(config.listen.tls, { cert: 'CERT', key: 'CERT' });
  assert.equal(config.templates, '/folder/mine');
  assert.equal(config.baseUrl.href, 'https://localhost:3000/');
});

describe('any JSON gives a configuration, or issues that name settings', () => {
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
    const errors = errorsIn(json === undefined ? undefined : JSON.parse(json), env);
    for (const fault of errors) {
      assert.match(fault, /^[^\n]+: [^\n]+$/);
      assert.doesNotMatch(fault, /MARKER/);
    }
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
    assert.equal(Object.keys(Object.prototype).length, 0);
  };

  test('instead of the whole file', () => {
    fc.assert(fc.property(value, (whole) => check(whole)));
  });

  const client = { id: TENANT_ID, secret: MARKER };
  const errors = { AADB2C90273: { goBack: true } };
  const beside = { ...generic(), endpointOrigins: ['https://a.example'] };
  const tenants = { new: { tenant: externalId(), client }, other: { tenant: beside, client } };
  const several = { ...ours, errors, tenants };
  for (const [name, base] of Object.entries({ ours, python, appsettings, several })) {
    test(`instead of any part of a valid file (${name})`, () => {
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
