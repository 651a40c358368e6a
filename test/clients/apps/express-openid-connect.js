import express from 'express';
import openidConnect from 'express-openid-connect';
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
import { serve } from './web.js';

const { auth } = openidConnect;
const app = express();

// The complete address is given, because the issuer of a B2C policy is not the start of it.
const wellKnown = (policy) => `${AUTHORITY}/${policy}/v2.0/.well-known/openid-configuration`;

// One middleware for each policy, each under its own path, all with the same session cookie.
function policyAt(baseURL, issuerBaseURL) {
  return auth({
    baseURL,
    issuerBaseURL,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    secret: 'a secret of this application, only for tests',
    authRequired: false,
    idpLogout: true,
    authorizationParams: { response_type: 'code', scope: SCOPE },
    routes: { login: false, logout: false, callback: '/callback' },
  });
}

for (const [path, policy] of Object.entries(POLICIES)) {
  if (policy === 'B2C_1_susi') continue;
  const router = express.Router();
  router.use(policyAt(APP_URL + path, wellKnown(policy)));
  const returnTo = policy === 'B2C_1_reset' ? '/sign-in' : '/';
  router.get('/', (_request, response) => response.oidc.login({ returnTo }));
  app.use(path, router);
}

const standard = express.Router();
standard.use(policyAt(`${APP_URL}/standard-policy`, STANDARD_ISSUER));
standard.get('/', (_request, response) => response.oidc.login({ returnTo: '/' }));
app.use('/standard-policy', standard);

app.use(policyAt(APP_URL, wellKnown('B2C_1_susi')));
app.get('/sign-in', (request, response) => {
  const { scope = SCOPE } = request.query;
  return response.oidc.login({ returnTo: '/', authorizationParams: { scope } });
});
app.get('/', (request, response) => {
  response.json({ user: request.oidc.isAuthenticated() ? request.oidc.idTokenClaims : undefined });
});
app.get('/refresh', async (request, response) => {
  await request.oidc.accessToken.refresh();
  response.json(request.oidc.idTokenClaims);
});
app.get('/sign-out', (_request, response) => response.oidc.logout({ returnTo: `${APP_URL}/` }));

app.use((error, _request, response, next) => {
  if (isForgottenPassword(error.error_description)) response.redirect('/reset-password');
  else if (isCancelled(error.error_description)) response.redirect('/');
  else next(error);
});

serve(app);
