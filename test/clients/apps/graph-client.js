// Creates, finds, changes and deletes a user with Microsoft's client library, as docs/emulator/microsoft-graph.md shows it.
import { Client } from '@microsoft/microsoft-graph-client';

const { AUTHORITY, CLIENT_ID, CLIENT_SECRET } = process.env;
const { origin, pathname } = new URL(AUTHORITY);
const domain = pathname.slice(1);
const LOYALTY = 'extension_f0b6e55f00004000800000000000a0ee_Loyalty';

async function getAccessToken() {
  const response = await fetch(`${AUTHORITY}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  return (await response.json()).access_token;
}

const graph = Client.initWithMiddleware({
  baseUrl: `${origin}/`,
  customHosts: new Set(['localhost']),
  authProvider: { getAccessToken },
});

const operations = {
  create: (email, password) =>
    graph.api('/users').post({
      displayName: 'Eve Example',
      identities: [{ signInType: 'emailAddress', issuer: domain, issuerAssignedId: email }],
      passwordProfile: { password, forceChangePasswordNextSignIn: false },
      [LOYALTY]: 'gold',
    }),
  find: async (email) => {
    const filter = `identities/any(c:c/issuerAssignedId eq '${email}' and c/issuer eq '${domain}')`;
    const { value } = await graph
      .api('/users')
      .filter(filter)
      .select(['id', 'displayName', 'identities', LOYALTY])
      .get();
    return value;
  },
  change: (id, displayName) => graph.api(`/users/${id}`).patch({ displayName }),
  remove: (id) => graph.api(`/users/${id}`).delete(),
  groups: () => graph.api('/groups').get(),
};

const [, , name, ...values] = process.argv;
try {
  process.stdout.write(JSON.stringify((await operations[name](...values)) ?? null));
} catch ({ statusCode, code, message }) {
  process.stdout.write(JSON.stringify({ statusCode, code, message }));
}
