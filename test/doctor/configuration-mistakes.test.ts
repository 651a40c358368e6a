// Mistakes in the configuration file and in its secrets.

import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { examplesOf } from '../support/examples.js';
import { emptyFolder } from '../support/folder.js';
import { describeRows, type Plant, type Row, set } from './mistakes.js';
import { ENV } from './support.js';

const WORLD_READABLE: Row = {
  mistake: 'the file of a secret is readable by all users',
  plant: (config, { t }) => {
    const file = path.join(emptyFolder(t), 'session.secret');
    writeFileSync(file, ENV.SESSION_SECRET);
    chmodSync(file, 0o644);
    config.session = { secrets: [{ file }] };
  },
  id: 'files.permissions',
  status: 'warn',
  says: /session\.secret.*chmod 600/,
};

describeRows('the file', [
  {
    mistake: 'it does not exist',
    plant: (_config, { t, more }) => {
      more.workingFolder = emptyFolder(t);
    },
    id: 'config.file',
    says: /config\.json does not exist.*config\.example\.json/,
  },
  {
    mistake: 'it is not valid JSON',
    plant: () => '{\n  "client": {\n    "secret": "MARKER" x\n  }\n}',
    id: 'config.file',
    says: /is not valid JSON \(line 3, or the end of the line before it\).*Check for/,
  },
  {
    mistake: 'it is empty',
    plant: () => '\n',
    id: 'config.file',
    says: /is empty.*Copy config\.example\.json/,
  },
  {
    mistake: 'a setting is misspelled',
    plant: (config) => ({ ...config, baseURL: 'https://app.example.com' }),
    id: 'config.settings',
    says: /^baseURL: unknown setting/,
  },
  {
    mistake: 'the secret of the client is not in the environment',
    plant: (_config, { more }) => {
      more.env = { SESSION_SECRET: ENV.SESSION_SECRET };
    },
    id: 'config.settings',
    says: /^client\.secret\.env: the environment variable CLIENT_SECRET is not set/,
  },
  {
    mistake: 'a variable names no setting',
    plant: (_config, { more }) => {
      more.env = { ...ENV, B2C_SIGNIN_CLIENT_SECRT: 'x' };
    },
    id: 'config.settings',
    says: /^B2C_SIGNIN_CLIENT_SECRT: unknown setting/,
  },
  {
    mistake: 'the policy is part of the tenant URL',
    plant: (config) =>
      set('tenant', { authority: `${config.tenant['authority']}/B2C_1_susi` })(config, {} as never),
    id: 'config.settings',
    says: /^tenant\.authority: must end with the tenant/,
  },
  {
    mistake: 'the callback is at the path of another route',
    plant: (config) => ({ ...config, routes: { callback: '/auth/sign_out' } }),
    id: 'config.settings',
    says: /^routes\.callback: must differ from the paths of all other routes; \/auth\/sign_out is one of them/,
  },
  {
    mistake: '"$schema" names a file that does not exist',
    plant: (config) => ({ ...config, $schema: './nowhere.json' }),
    id: 'config.schema',
    status: 'warn',
    says: /nowhere\.json, which does not exist/,
  },
  // On Windows the mode of a file has no meaning.
  ...(process.platform === 'win32' ? [] : [WORLD_READABLE]),
  {
    mistake: 'Node is too old',
    plant: (_config, { more }) => {
      more.nodeVersion = 'v18.20.4';
    },
    id: 'node.version',
    says: /v18\.20\.4 is too old/,
  },
]);

const secrets = (...values: string[]): Plant => set('session', { secrets: values });

describeRows('session secrets', [
  {
    mistake: 'one string repeated',
    plant: secrets('aB3-xY9_'.repeat(5)),
    id: 'session.secrets',
    says: /^session\.secrets\.0: it is one string repeated/,
  },
  {
    mistake: 'of a few different characters',
    plant: secrets('aabbababbabbbaabbabaabababbbabaaabbabaccab'),
    id: 'session.secrets',
    says: /too few different characters/,
  },
  {
    mistake: 'from README',
    plant: set('session', JSON.parse(examplesOf('README.md').get('config.json') ?? '').session),
    id: 'session.secrets',
    says: /is from an example/,
  },
  {
    mistake: 'from an example',
    plant: secrets('please-change-me-0123456789-abcdefghij'),
    id: 'session.secrets',
    says: /is from an example/,
  },
  {
    mistake: 'also the client secret',
    plant: secrets(ENV.CLIENT_SECRET),
    id: 'session.secrets',
    says: /is also a client secret/,
  },
]);
