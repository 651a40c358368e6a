// A certified OpenID provider with its own pages, in memory, for one application.
import process from 'node:process';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, POST_SIGN_OUT_URI } = process.env;
/** Members of the registration that a test changes, as JSON. */
const { CLIENT_METADATA = '{}' } = process.env;
const ACCESS_TOKEN_SECONDS = 2;

const { privateKey } = await generateKeyPair('RS256', { extractable: true });

const provider = new Provider(ISSUER, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      post_logout_redirect_uris: [POST_SIGN_OUT_URI],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
      ...JSON.parse(CLIENT_METADATA),
    },
  ],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['only for tests'] },
  features: { backchannelLogout: { enabled: true } },
  // Its dispatcher refuses connections to loopback, where the application is.
  fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
  claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
  findAccount: (_context, accountId) => ({
    accountId,
    claims: () => ({
      sub: accountId,
      name: `${accountId} Example`,
      email: `${accountId}@a.example`,
    }),
  }),
  ttl: {
    AccessToken: ACCESS_TOKEN_SECONDS,
    AuthorizationCode: 60,
    Grant: 600,
    IdToken: 600,
    Interaction: 600,
    RefreshToken: 600,
    Session: 600,
  },
});

provider.on('backchannel.error', (_context, error) => process.stderr.write(`${error.message}\n`));

provider.listen(Number(new URL(ISSUER).port), '127.0.0.1', () => {
  process.stdout.write('listening\n');
});
