import * as openid from 'openid-client';
import {
  APP_URL,
  AUTHORITY,
  CLIENT_ID,
  CLIENT_SECRET,
  isCancelled,
  isForgottenPassword,
  POLICIES,
  SCOPE,
  STANDARD_ISSUER,
} from './settings.js';
import { createWebApp, serve } from './web.js';

const redirectUri = `${APP_URL}/callback`;
const app = createWebApp();
const configurations = new Map();

// With the complete address, because the issuer of a B2C policy is not the start of it.
async function discover(policy) {
  if (!configurations.has(policy)) {
    const address =
      policy === 'B2C_1A_standard'
        ? STANDARD_ISSUER
        : `${AUTHORITY}/${policy}/v2.0/.well-known/openid-configuration`;
    const configuration = await openid.discovery(new URL(address), CLIENT_ID, CLIENT_SECRET);
    openid.enableNonRepudiationChecks(configuration);
    configurations.set(policy, configuration);
  }
  return configurations.get(policy);
}

for (const [path, policy] of [
  ...Object.entries(POLICIES),
  ['/standard-policy', 'B2C_1A_standard'],
]) {
  app.get(path, async (request, response) => {
    const codeVerifier = openid.randomPKCECodeVerifier();
    const attempt = { policy, state: openid.randomState(), nonce: openid.randomNonce() };
    request.session.attempt = { ...attempt, codeVerifier };
    const url = openid.buildAuthorizationUrl(await discover(policy), {
      redirect_uri: redirectUri,
      scope: request.query.scope ?? SCOPE,
      code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
    });
    response.redirect(url.href);
  });
}

app.get('/callback', async (request, response) => {
  const { error_description: description } = request.query;
  if (isForgottenPassword(description)) return response.redirect('/reset-password');
  if (isCancelled(description)) return response.redirect('/');
  const { policy, state, nonce, codeVerifier } = request.session.attempt;
  const tokens = await openid.authorizationCodeGrant(
    await discover(policy),
    new URL(request.originalUrl, APP_URL),
    { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier },
  );
  if (policy === 'B2C_1_reset') return response.redirect('/sign-in');
  const claims = tokens.claims();
  const userInfo =
    policy === 'B2C_1A_standard'
      ? await openid.fetchUserInfo(await discover(policy), tokens.access_token, claims.sub)
      : {};
  request.session.user = { ...claims, ...userInfo };
  if (policy !== 'B2C_1_edit_profile') request.session.tokens = { ...tokens, policy };
  response.redirect('/');
});

app.get('/refresh', async (request, response) => {
  const { policy, refresh_token: refreshToken } = request.session.tokens;
  const tokens = await openid.refreshTokenGrant(await discover(policy), refreshToken);
  request.session.tokens = { ...tokens, policy };
  response.json(tokens.claims());
});

app.get('/', (request, response) => response.json({ user: request.session.user }));

app.get('/sign-out', async (request, response) => {
  const { policy, id_token: idToken } = request.session.tokens;
  const url = openid.buildEndSessionUrl(await discover(policy), {
    id_token_hint: idToken,
    post_logout_redirect_uri: `${APP_URL}/`,
  });
  request.session.destroy(() => response.redirect(url.href));
});

serve(app);
