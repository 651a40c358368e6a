// Invalid settings as data, and the names under which they are reported.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { settingTree } from '../../dist/config/config-schema.js';
import { configSchemaText } from '../../dist/config/json-schema.js';
import { parseConfig } from '../../dist/config/parse-config.js';
import { settingsIn } from '../../dist/config/setting-tree.js';
import { type ConfigIssue, SignInError } from '../../dist/errors.js';

const SECRET = 'a-secret-of-at-least-32-characters';

function issuesOf(input: unknown, env: Record<string, string> = {}): readonly ConfigIssue[] {
  const sources = { env, readFile: () => '', resolvePath: String, isFolder: () => true };
  try {
    parseConfig(input, sources);
    return [];
  } catch (error) {
    assert.ok(error instanceof SignInError);
    return error.issues;
  }
}

const native = () => ({
  tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' } as object,
  client: { id: '11111111-1111-1111-1111-111111111111', secret: 'client-secret' } as object,
  policies: { signIn: 'B2C_1_susi' },
  session: { secrets: [SECRET] },
});

test('an error has each issue as setting, path, problem and fix', () => {
  const client = { secret: { env: 'NOT_SET' }, ID: 'x' };
  assert.deepEqual(issuesOf({ ...native(), client }, { B2C_SIGNIN_LOG_LEVL: 'info' }), [
    {
      setting: 'B2C_SIGNIN_LOG_LEVL',
      path: [],
      problem: 'unknown setting',
      fix: 'Did you mean "B2C_SIGNIN_LOG_LEVEL"?',
    },
    {
      setting: 'client.secret.env',
      path: ['client', 'secret', 'env'],
      problem: 'the environment variable NOT_SET is not set',
      fix: 'Set it in the environment of the server.',
    },
    {
      setting: 'client.id',
      path: ['client', 'id'],
      problem: 'is missing',
      fix: 'It must be the application (client) ID.',
    },
    {
      setting: 'client.ID',
      path: ['client', 'ID'],
      problem: 'unknown setting',
      fix: 'Did you mean "id"?',
    },
  ]);
});

test('a reference that cannot be resolved is one issue', () => {
  const store = { kind: 'redis', url: 'redis://a', password: { file: 7 } };
  const settings = issuesOf({
    ...native(),
    client: { ...native().client, secret: { env: 'NOT_SET' } },
    session: { secrets: [{ env: 'NOT_SET' }], store },
  }).map(({ setting }) => setting);
  assert.deepEqual(settings, [
    'client.secret.env',
    'session.secrets.0.env',
    'session.store.password.file',
  ]);
});

const appSettings = (section: object) => ({
  AzureAdB2C: {
    Instance: 'https://contoso.b2clogin.com/tfp/',
    Domain: 'contoso.onmicrosoft.com',
    ClientId: '11111111-1111-1111-1111-111111111111',
    ClientSecret: 'client-secret',
    SignUpSignInPolicyId: 'B2C_1_susi',
    ...section,
  },
});

const pythonSample = (section: object) => ({
  client: {
    client_id: '11111111-1111-1111-1111-111111111111',
    client_credential: 'client-secret',
    authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com',
  },
  b2c: { susi: '/B2C_1_susi' },
  ...section,
});

describe('a file of another format reports its own names', () => {
  const rows: [name: string, input: unknown, setting: string][] = [
    ['no client secret', appSettings({ ClientSecret: '' }), 'AzureAdB2C.ClientSecret'],
    ['another client ID', appSettings({ ClientId: 'x' }), 'AzureAdB2C.ClientId'],
    ['no instance', appSettings({ Instance: null }), 'AzureAdB2C.Instance'],
    ['no domain', appSettings({ Domain: null }), 'AzureAdB2C.Domain'],
    ['another tenant ID', appSettings({ TenantId: 'x' }), 'AzureAdB2C.TenantId'],
    ['no policy', appSettings({ SignUpSignInPolicyId: '' }), 'AzureAdB2C.SignUpSignInPolicyId'],
    ['a wrong policy', appSettings({ EditProfilePolicyId: 'x' }), 'AzureAdB2C.EditProfilePolicyId'],
    ['a wrong callback', appSettings({ CallbackPath: 'x' }), 'AzureAdB2C.CallbackPath'],
    [
      'an unset variable',
      appSettings({ ClientSecret: { env: 'NOPE' } }),
      'AzureAdB2C.ClientSecret.env',
    ],
    [
      'a Python client without ID',
      pythonSample({ client: { ...pythonSample({}).client, client_id: null } }),
      'client.client_id',
    ],
    ['a Python policy', pythonSample({ b2c: { susi: '/x' } }), 'b2c.susi'],
    [
      'the second of two Python scopes',
      pythonSample({ auth_request: { scopes: ['a', 'b c'] } }),
      'auth_request.scopes.1',
    ],
    [
      'a Python redirect URI',
      pythonSample({ auth_request: { redirect_uri: 'ftp://a.example/x' } }),
      'auth_request.redirect_uri',
    ],
    [
      'a Python prefix',
      pythonSample({ flask: { auth_endpoints: { prefix: 'x' } } }),
      'flask.auth_endpoints.prefix',
    ],
  ];
  for (const [name, input, setting] of rows) {
    test(name, () => {
      const issues = issuesOf(input, { B2C_SIGNIN_SESSION_SECRETS: SECRET });
      assert.deepEqual([...new Set(issues.map((issue) => issue.setting))], [setting]);
    });
  }
});

describe('a file of another format reports variables', () => {
  test('for a setting that the file cannot have', () => {
    const [issue, ...others] = issuesOf(appSettings({}));
    assert.equal(issue?.setting, 'B2C_SIGNIN_SESSION_SECRETS');
    assert.deepEqual(issue?.path, ['session', 'secrets']);
    assert.match(String(issue?.fix), /^Set this environment variable; /);
    assert.deepEqual(others, []);
  });
  test('for a value that comes from a variable', () => {
    const env = { B2C_SIGNIN_SESSION_SECRETS: SECRET, B2C_SIGNIN_CLIENTID: 'x' };
    const settings = issuesOf(appSettings({}), env).map(({ setting }) => setting);
    assert.deepEqual(settings, ['B2C_SIGNIN_CLIENTID']);
  });
});

describe('the tree of settings', () => {
  interface Schema {
    writeOnly?: boolean;
    type?: string;
    properties?: Record<string, Schema>;
    additionalProperties?: false | Schema;
    oneOf?: Schema[];
  }
  const schema = [...settingsIn<Schema>(JSON.parse(configSchemaText()))];
  const tree = [...settingsIn(settingTree)];

  test('has the settings of the JSON Schema', () => {
    assert.deepEqual(
      tree.map(([name]) => name),
      schema.map(([name]) => name),
    );
  });
  test('has their types, as far as a variable needs them', () => {
    const kind = (type = 'any') => (/^(string|array|any)$/.test(type) ? type : 'JSON');
    assert.deepEqual(
      tree.map(([name, { type }]) => [name, kind(type)]),
      schema.map(([name, { type }]) => [name, kind(type)]),
    );
  });
  test('marks each secret', () => {
    const secrets = schema.filter(([, { writeOnly }]) => writeOnly).map(([name]) => name);
    const marked = tree.filter(([, { reference }]) => reference === 'secret');
    assert.deepEqual(
      marked.map(([name]) => name),
      secrets,
    );
    assert.ok(secrets.length >= 3);
  });
});
