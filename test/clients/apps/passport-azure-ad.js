import passport from 'passport';
import { BearerStrategy, OIDCStrategy } from 'passport-azure-ad';
import {
  API_ID,
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

passport.use(
  new OIDCStrategy(
    {
      identityMetadata: `${AUTHORITY}/v2.0/.well-known/openid-configuration`,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      responseType: 'code id_token',
      responseMode: 'form_post',
      redirectUrl: `${APP_URL}/callback`,
      allowHttpForRedirectUrl: true,
      isB2C: true,
      validateIssuer: true,
      loggingLevel: 'error',
      loggingNoPII: false,
    },
    (profile, done) => done(null, profile),
  ),
);
passport.use(
  new BearerStrategy(
    {
      identityMetadata: `${AUTHORITY}/B2C_1_susi/v2.0/.well-known/openid-configuration`,
      clientID: API_ID,
      audience: API_ID,
      policyName: 'B2C_1_susi',
      isB2C: true,
      validateIssuer: true,
      scope: ['tasks.read'],
      loggingLevel: 'error',
    },
    (claims, done) => done(null, claims, claims),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = createWebApp();
app.use(passport.initialize());
app.use(passport.session());

for (const [path, policy] of Object.entries(POLICIES)) {
  app.get(path, (request, response, next) => {
    // The library takes the policy from the query of this request, as `p`.
    const query = { ...request.query, p: policy };
    Object.defineProperty(request, 'query', { value: query });
    passport.authenticate('azuread-openidconnect', { failWithError: true })(
      request,
      response,
      next,
    );
  });
}

app.post('/callback', (request, response, next) => {
  // The library keeps B2C's description to itself.
  const { error_description: description } = request.body;
  if (isForgottenPassword(description)) return response.redirect('/reset-password');
  if (isCancelled(description)) return response.redirect('/');
  passport.authenticate('azuread-openidconnect', { failWithError: true })(request, response, next);
});
app.post('/callback', (_request, response) => response.redirect('/'));

app.get('/', (request, response) => response.json({ user: request.user?._json }));

app.get('/api', passport.authenticate('oauth-bearer', { session: false }), (request, response) => {
  response.json(request.authInfo);
});

app.get('/sign-out', (request, response, next) => {
  request.logout((error) => (error ? next(error) : response.redirect(endSessionUrl('B2C_1_susi'))));
});

serve(app);
