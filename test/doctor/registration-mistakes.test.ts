// Mistakes in the registration of the application.
import { client, describeRows, set } from './mistakes.js';
import { ENV } from './support.js';

describeRows('the registration', [
  {
    mistake: 'a wrong secret',
    plant: (_config, { more }) => {
      more.env = { ...ENV, CLIENT_SECRET: 'of-another-application' };
    },
    id: 'client.secret',
    says: /AADB2C90081.*new client secret/,
  },
  {
    mistake: 'an ID that is not registered',
    plant: set('client', { id: '00000000-0000-4000-8000-000000000000' }),
    id: 'client.id',
    says: /no application with this client ID.*AADB2C90018/,
  },
  { mistake: 'disabled', plant: client('disabled'), id: 'client.id', says: /AADB2C90092/ },
  {
    mistake: 'for accounts of another kind',
    plant: client('otherAccounts'),
    id: 'client.id',
    says: /AADB2C90068/,
  },
  {
    mistake: 'as a single-page application',
    plant: client('singlePage'),
    id: 'client.type',
    says: /AADB2C90084.*as Web/,
  },
  {
    mistake: 'with another port',
    plant: client('otherPort'),
    id: 'redirect-uri.registered',
    says: /localhost:5001\/auth\/redirect is registered, which differs in port \(AADB2C90006\)/,
  },
  {
    mistake: 'in another case',
    plant: client('otherCase'),
    id: 'redirect-uri.registered',
    says: /differs in upper and lower case of the path/,
  },
  {
    mistake: 'with a trailing slash',
    plant: client('slash'),
    id: 'redirect-uri.registered',
    says: /differs in trailing slash/,
  },
  {
    mistake: 'without any redirect URI',
    plant: client('noUris'),
    id: 'redirect-uri.registered',
    says: /AADB2C90007/,
  },
  {
    mistake: 'the callback has another path',
    plant: (config) => ({ ...config, routes: { callback: '/signin-oidc' } }),
    id: 'redirect-uri.registered',
    says: /differs in path/,
  },
  {
    mistake: 'without the post-logout redirect URI',
    plant: client('noSignOut'),
    id: 'redirect-uri.sign-out',
    status: 'warn',
    says: /post_sign_out is not registered/,
  },
  {
    mistake: 'a scope of another tenant',
    plant: (config) => ({
      ...config,
      scopes: ['offline_access', 'https://contoso.onmicrosoft.com/api/read'],
    }),
    id: 'scopes.granted',
    says: /AADB2C90117/,
  },
  {
    mistake: 'a scope without permission',
    plant: (config, world) => {
      client('api')(config, world);
      return { ...config, scopes: ['offline_access', 'User.Read'] };
    },
    id: 'scopes.granted',
    says: /does not support Microsoft Graph scopes/,
  },
  {
    mistake: 'scopes of two APIs',
    plant: (config) => ({
      ...config,
      scopes: [
        ...['offline_access', 'https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.read'],
        String(config.client.id),
      ],
    }),
    id: 'scopes.granted',
    says: /two APIs/,
  },
  {
    mistake: 'without offline_access',
    plant: (config) => ({ ...config, scopes: [] }),
    id: 'scopes.granted',
    status: 'warn',
    says: /offline_access/,
  },
]);
