import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node';
import {
  APP_URL,
  AUTHORITY,
  CLIENT_ID,
  CLIENT_SECRET,
  endSessionUrl,
  isCancelled,
  isForgottenPassword,
  POLICIES,
} from './settings.js';
import { createWebApp, serve } from './web.js';

const redirectUri = `${APP_URL}/callback`;
const crypto = new CryptoProvider();
const client = new ConfidentialClientApplication({
  auth: {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    authority: `${AUTHORITY}/B2C_1_susi`,
    knownAuthorities: [new URL(AUTHORITY).host],
  },
});
const app = createWebApp();

for (const [path, policy] of Object.entries(POLICIES)) {
  app.get(path, async (request, response) => {
    const { verifier, challenge } = await crypto.generatePkceCodes();
    const attempt = {
      authority: `${AUTHORITY}/${policy}`,
      // The library adds openid, profile and offline_access.
      scopes: request.query.scope ? [] : [CLIENT_ID],
      redirectUri,
      state: crypto.createNewGuid(),
      nonce: crypto.createNewGuid(),
    };
    request.session.attempt = { ...attempt, codeVerifier: verifier };
    const codeChallenge = { codeChallenge: challenge, codeChallengeMethod: 'S256' };
    response.redirect(await client.getAuthCodeUrl({ ...attempt, ...codeChallenge }));
  });
}

app.get('/callback', async (request, response) => {
  const { error_description: description } = request.query;
  if (isForgottenPassword(description)) return response.redirect('/reset-password');
  if (isCancelled(description)) return response.redirect('/');
  const { attempt } = request.session;
  const { nonce } = attempt;
  const result = await client.acquireTokenByCode(
    { ...attempt, code: request.query.code },
    { ...request.query, nonce },
  );
  if (attempt.authority.endsWith('B2C_1_reset')) return response.redirect('/sign-in');
  request.session.user = result.idTokenClaims;
  // Each policy creates a separate account, and can refresh only that one.
  if (attempt.authority.endsWith('B2C_1_susi')) request.session.account = result.account;
  request.session.idToken = result.idToken;
  response.redirect('/');
});

app.get('/refresh', async (request, response) => {
  const result = await client.acquireTokenSilent({
    account: request.session.account,
    scopes: [CLIENT_ID],
    authority: `${AUTHORITY}/B2C_1_susi`,
    forceRefresh: true,
  });
  response.json({ ...result.idTokenClaims, fromCache: result.fromCache });
});

app.get('/', (request, response) => {
  response.json({ user: request.session.user, username: request.session.account?.username });
});

app.get('/sign-out', (request, response) => {
  const { idToken } = request.session;
  request.session.destroy(() => response.redirect(endSessionUrl('B2C_1_susi', idToken)));
});

serve(app);
