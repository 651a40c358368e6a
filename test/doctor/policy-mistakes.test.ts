// Mistakes in policies and in their metadata.
import { type Faults, startFaultyProvider } from '../support/faulty-provider.js';
import { describeRows, fault, type Plant, set } from './mistakes.js';

describeRows('policies and their metadata', [
  {
    mistake: 'the name of a policy is misspelled',
    plant: set('policies', { editProfile: 'B2C_1_edit_profil' }),
    id: 'policy.metadata',
    says: /^editProfile: the policy B2C_1_edit_profil does not exist in this tenant/,
  },
  {
    mistake: 'the name of the only policy is misspelled',
    plant: (config) => ({ ...config, policies: { signIn: 'B2C_1_signin' } }),
    id: 'policy.metadata',
    says: /^signIn: the policy B2C_1_signin does not exist/,
  },
  {
    mistake: 'one policy has two roles',
    plant: set('policies', { resetPassword: 'b2c_1_susi' }),
    id: 'policies.roles',
    says: /name one policy/,
  },
  {
    mistake: 'the name of a role is misspelled',
    plant: set('policies', { editProfil: 'B2C_1_edit_profile' }),
    id: 'policies.roles',
    status: 'warn',
    says: /^: policies\.editProfil has no role .* rename it to policies\.editProfile/,
  },
  {
    mistake: 'the tenant ID is that of another tenant',
    plant: set('tenant', { tenantId: '99999999-9999-4999-8999-999999999999' }),
    id: 'metadata.issuer',
    says: /discovery document is of the tenant f0b6e55f-.*tenant\.tenantId is 99999999/,
  },
  {
    mistake: 'the issuer is on another host, as with a custom domain',
    plant: fault('discovery_wrong_issuer'),
    id: 'metadata.issuer',
    says: /the issuer is on .*, but tenant\.authority on/,
  },
  {
    mistake: 'one policy belongs to another tenant than the others',
    plant: async (config, world) => {
      await fault('discovery_other_tenant', 'B2C_1_reset')(config, world);
      const { tenantId: _, ...tenant } = config.tenant;
      config.tenant = tenant;
    },
    id: 'metadata.issuer',
    says: /^resetPassword: .*that of another policy is not/,
  },
  {
    mistake: 'an endpoint is on a foreign host',
    plant: fault('discovery_foreign_endpoint', 'B2C_1_susi'),
    id: 'metadata.endpoints',
    says: /^signIn: the discovery document has a token_endpoint outside/,
  },
  {
    mistake: 'a page is returned instead of metadata, as by a proxy',
    plant: fault('discovery_garbage'),
    id: 'policy.metadata',
    says: /a response that is not JSON.*proxy/,
  },
  {
    mistake: 'the tenant returns an error',
    plant: fault('discovery_500'),
    id: 'policy.metadata',
    says: /returns 500/,
  },
  {
    mistake: 'one policy never responds',
    plant: fault('discovery_hang', 'B2C_1_reset'),
    id: 'policy.metadata',
    says: /^resetPassword: .*does not respond in time/,
  },
  {
    mistake: 'there are no keys',
    plant: fault('keys_empty'),
    id: 'metadata.keys',
    says: /no RSA signing key/,
  },
  {
    mistake: 'the keys are unavailable',
    plant: fault('keys_500', 'B2C_1_susi'),
    id: 'metadata.keys',
    says: /^signIn: .*500/,
  },
]);

/** A provider with faults that the emulator does not have. */
const provider =
  (faults: Faults): Plant =>
  async (config, { t }) => {
    const faulty = await startFaultyProvider(t);
    faulty.faults = faults;
    return {
      ...config,
      tenant: { authority: faulty.authority, allowPlainHttp: true },
      client: { id: faulty.client.id, secret: { env: 'CLIENT_SECRET' } },
      policies: { signIn: faulty.policy },
    };
  };
const metadata = (values: object): Plant =>
  provider({ metadata: (right) => ({ ...right, ...values }) });

describeRows('hostile and odd metadata', [
  {
    mistake: 'tokens are not signed with RS256',
    plant: metadata({ id_token_signing_alg_values_supported: ['ES256'] }),
    id: 'metadata.algorithms',
    says: /RS256/,
  },
  {
    mistake: 'the issuer has no trailing slash',
    plant: provider({
      metadata: (right) => ({ ...right, issuer: String(right['issuer']).slice(0, -1) }),
    }),
    id: 'metadata.issuer',
    says: /no trailing slash/,
  },
  {
    mistake: 'the issuer is that of another policy',
    plant: provider({
      metadata: (right) => {
        const { origin, pathname } = new URL(String(right['issuer']));
        const issuer = `${origin}/tfp${pathname.replace('v2.0', 'b2c_1_other/v2.0')}`;
        return { ...right, issuer };
      },
    }),
    id: 'metadata.issuer',
    says: /the policy b2c_1_other, but B2C_1_susi was requested/,
  },
  {
    mistake: 'there is no issuer',
    plant: metadata({ issuer: undefined }),
    id: 'metadata.issuer',
    says: /contains no issuer/,
  },
  {
    mistake: 'there is no token endpoint',
    plant: metadata({ token_endpoint: undefined }),
    id: 'metadata.endpoints',
    says: /has no token_endpoint/,
  },
  {
    mistake: 'PKCE is supported without S256',
    plant: metadata({ code_challenge_methods_supported: ['plain'] }),
    id: 'metadata.capabilities',
    says: /S256/,
  },
  {
    mistake: 'the configured method for the secret is not supported',
    plant: metadata({ token_endpoint_auth_methods_supported: ['client_secret_basic'] }),
    id: 'metadata.capabilities',
    says: /client_secret_post.*client\.authMethod/,
  },
  {
    mistake: 'the configured response mode is not supported',
    plant: async (config, world) => {
      config['responseMode'] = 'form_post';
      config['baseUrl'] = 'https://localhost:8443';
      return metadata({ response_modes_supported: ['query', 'fragment'] })(config, world);
    },
    id: 'metadata.capabilities',
    says: /form_post \(response_modes_supported\) Set responseMode to "query"/,
  },
  {
    mistake: 'the provider lists public clients only',
    plant: metadata({ token_endpoint_auth_methods_supported: ['none'] }),
    id: 'metadata.capabilities',
    says: /public clients only \("none"\).*Enable client_secret_post or client_secret_basic at the/,
  },
  {
    mistake: 'the provider lists methods that the server does not have',
    plant: metadata({ token_endpoint_auth_methods_supported: ['tls_client_auth', 'none'] }),
    id: 'metadata.capabilities',
    says: /Enable client_secret_post or client_secret_basic at the provider\./,
  },
  {
    mistake: 'the user must re-authenticate after a timeout, and no policy says when that was',
    plant: async (config, world) => {
      config.session = { ...config.session, reauthenticateAfterIdle: true };
      return metadata({ claims_supported: ['sub', 'name'] })(config, world);
    },
    id: 'sign-in.re-authentication',
    status: 'warn',
    says: /no policy lists auth_time .*authentication_too_old/,
  },
  {
    mistake: 'a user flow gets a hint that only custom policies read',
    plant: set('policies', { invite: { name: 'B2C_1_susi', passThrough: ['id_token_hint'] } }),
    id: 'policies.parameters',
    status: 'warn',
    says: /^invite: B2C_1_susi is a user flow, which ignores id_token_hint/,
  },
  {
    mistake: 'there is no end-session endpoint',
    plant: metadata({ end_session_endpoint: undefined }),
    id: 'metadata.sign-out',
    status: 'warn',
    says: /no end-session endpoint/,
  },
  {
    mistake: 'the metadata has moved',
    plant: provider({
      wire: {
        discovery: (response) =>
          response.writeHead(302, { location: 'https://portal.example.com/login' }).end(),
      },
    }),
    id: 'policy.metadata',
    says: /redirects to portal\.example\.com \(302\), which is not followed/,
  },
  {
    mistake:
      'the metadata has an encoding that the request does not accept, which the server rejects',
    plant: provider({
      wire: {
        discovery: (response, body) =>
          response
            .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
            .end(body),
      },
    }),
    id: 'policy.usable',
    says: /encoding/,
  },
]);
