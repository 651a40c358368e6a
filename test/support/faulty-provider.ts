import { createHash, createPublicKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from './shared.js';
import { generateKeys, sharedRsaKeys } from './signing-keys.js';

export type Json = Record<string, unknown>;

export interface Key {
  privateKey: KeyObject;
  jwk: Json;
}

/** Sends a response, given the correct body. */
export type Wire = (response: ServerResponse, body: string) => void;

/** Each takes the correct value and returns the faulty one. */
export interface Faults {
  /** How the responses of these endpoints are sent. */
  wire?: Partial<Record<'discovery' | 'keys' | 'token', Wire>>;
  metadata?: (metadata: Json) => Json;
  keys?: (keys: Json[]) => Json[];
  header?: (header: Json) => Json;
  claims?: (claims: Json) => Json;
  /** The signature over header and claims. */
  signature?: (input: string) => Buffer;
  /** Instead of the whole ID token. */
  idToken?: (idToken: string) => string;
  token?: (answer: Json) => Json;
  /** The response of the UserInfo endpoint; by default, that of another user. */
  userInfo?: Json;
  /** Changes the parameters of the callback. */
  callback?: (parameters: URLSearchParams) => void;
  /** Changes the parameters after sign-out. */
  postSignOut?: (parameters: URLSearchParams) => void;
}

/**
 * A provider with the faults that a test chooses. Otherwise it is as strict as those of the OpenID
 * Foundation: it records everything that the relying party does differently from its registration.
 */
export interface FaultyProvider {
  authority: string;
  origin: string;
  issuer: string;
  client: { id: string; secret: string };
  policy: string;
  faults: Faults;
  /** Whether its responses contain its issuer, as its metadata states (RFC 9207). */
  namesItself: boolean;
  signingKey: Key;
  /** Replaces all keys with new ones, under a new ID unless one is given. */
  rotateKeys(kid?: string): void;
  stop(): void;
  /** The clock for its tokens. */
  now: () => number;
  /** Signs in without pages; returns the callback URL. */
  authorize(authorizationUrl: string): string;
  /** Signs out without pages; returns the URL that the browser is redirected to. */
  endSession(endSessionUrl: string): string;
  /** Whether its API accepts an access token: only the newest one. */
  isNewestAccessToken(token: string): boolean;
  counts: Record<'discovery' | 'keys' | 'token' | 'refresh' | 'userinfo' | 'other', number>;
  /** The errors of the relying party, as sentences. */
  complaints: string[];
}

type MakeKey = (index: number, kid?: string) => Key;

async function rsaKeyMaker(): Promise<MakeKey> {
  const keys = await sharedRsaKeys();
  return (index, kid = `rsa-${randomUUID()}`) => {
    const privateKey = keys[index];
    if (!privateKey) throw new RangeError('no such key');
    const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
    return { privateKey, jwk: { ...jwk, kid, use: 'sig' } };
  };
}

/** Keys of other kinds and uses, which a relying party must ignore. */
async function makeOtherKeys(rsaKey: MakeKey): Promise<Json[]> {
  const curve = async (namedCurve: string) =>
    (await generateKeys('ec', { namedCurve })).publicKey.export({ format: 'jwk' });
  const ed25519 = (await generateKeys('ed25519', {})).publicKey.export({ format: 'jwk' });
  return [
    { ...rsaKey(3).jwk, kid: 'rsa-encryption', use: 'enc' },
    { ...(await curve('P-256')), kid: 'ec-signing', use: 'sig' },
    { ...(await curve('secp256k1')), kid: 'ec-bitcoin', use: 'sig' },
    { ...(await curve('P-256')), kid: 'ec-encryption', use: 'enc' },
    { ...ed25519, kid: 'ed-signing', use: 'sig' },
    { kty: 'oct', k: 'AAAA', kid: 'secret' },
  ] as Json[];
}

export const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startFaultyProvider(
  t: Scope,
  { basic = false } = {},
): Promise<FaultyProvider> {
  const rsaKey = await rsaKeyMaker();
  const otherKeys = await makeOtherKeys(rsaKey);
  const tenantId = randomUUID();
  const codes = new Map<string, URLSearchParams>();
  // Each is good for one use (RFC 9700, 4.14.2).
  const refreshTokens = new Map<string, URLSearchParams>();
  const idTokens = new Set<string>();
  let newestAccessToken = '';
  // Unforeseeable, so that only a relying party that reads the metadata finds them.
  const paths = { token: `/${randomUUID()}`, keys: `/${randomUUID()}`, userinfo: '/userinfo' };
  let rotation = 0;

  const server = createServer((request, response) => {
    void answer(request, response).catch((error) => {
      provider.complaints.push(String(error));
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  t.after(stop);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const provider: FaultyProvider = {
    stop,
    authority: `${origin}/${tenantId}`,
    origin,
    issuer: `${origin}/${tenantId}/v2.0/`,
    client: { id: randomUUID(), secret: 'a secret: with + odd % characters' },
    policy: 'B2C_1_susi',
    faults: {},
    namesItself: false,
    signingKey: rsaKey(0),
    rotateKeys(kid) {
      rotation += 1;
      provider.signingKey = rsaKey(rotation % 2, kid);
    },
    now: Date.now,
    authorize(authorizationUrl) {
      const asked = new URL(authorizationUrl).searchParams;
      complainAbout(asked);
      const code = randomUUID();
      codes.set(code, asked);
      const callback = new URL(asked.get('redirect_uri') ?? '');
      callback.searchParams.set('state', asked.get('state') ?? '');
      callback.searchParams.set('code', code);
      if (provider.namesItself) callback.searchParams.set('iss', provider.issuer);
      provider.faults.callback?.(callback.searchParams);
      return callback.href;
    },
    endSession(endSessionUrl) {
      const { origin: own, pathname, searchParams: asked } = new URL(endSessionUrl);
      const target = new URL(asked.get('post_logout_redirect_uri') ?? '');
      expect(own + pathname === `${origin}/end_session`, 'another end-session endpoint');
      expect(idTokens.has(asked.get('id_token_hint') ?? ''), 'a hint that was never issued');
      expect(target.pathname === '/auth/post_sign_out', 'an address that is not registered');
      const state = asked.get('state');
      if (state !== null) target.searchParams.set('state', state);
      provider.faults.postSignOut?.(target.searchParams);
      return target.href;
    },
    isNewestAccessToken: (token) => token !== '' && token === newestAccessToken,
    counts: { discovery: 0, keys: 0, token: 0, refresh: 0, userinfo: 0, other: 0 },
    complaints: [],
  };
  const { faults: _, counts, complaints, client, policy } = provider;
  const expect = (fits: boolean, complaint: string) => {
    if (!fits) complaints.push(complaint);
  };

  function complainAbout(asked: URLSearchParams): void {
    expect(asked.get('scope')?.split(' ').includes('openid') === true, 'scope without openid');
    expect(asked.get('response_type') === 'code', 'another response_type');
    expect(asked.get('client_id') === client.id, 'another client_id');
    expect(asked.get('code_challenge_method') === 'S256', 'no PKCE');
    expect((asked.get('nonce') ?? '').length >= 22, 'no nonce');
    expect(!(asked.get('max_age') === '0' && asked.get('prompt') === 'none'), 'max_age with none');
    const names = [...asked.keys()];
    expect(new Set(names).size === names.length, 'a repeated parameter');
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const send = (body: Json, wire: Wire = sendJson) => wire(response, JSON.stringify(body));
    const { wire = {} } = provider.faults;
    if (url.pathname === `/${tenantId}/${policy}/v2.0/.well-known/openid-configuration`) {
      counts.discovery += 1;
      const metadata = buildMetadata();
      return send(provider.faults.metadata?.(metadata) ?? metadata, wire.discovery);
    }
    if (url.pathname === paths.keys) {
      counts.keys += 1;
      const keys = [...otherKeys, rsaKey(2, 'rsa-other').jwk, provider.signingKey.jwk];
      return send({ keys: provider.faults.keys?.(keys) ?? keys }, wire.keys);
    }
    if (url.pathname === paths.token) {
      counts.token += 1;
      return send(await redeem(request), wire.token);
    }
    counts[url.pathname === paths.userinfo ? 'userinfo' : 'other'] += 1;
    send(provider.faults.userInfo ?? { sub: 'somebody else' });
  }

  const buildMetadata = (): Json => ({
    issuer: provider.issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: origin + paths.token,
    jwks_uri: origin + paths.keys,
    userinfo_endpoint: origin + paths.userinfo,
    end_session_endpoint: `${origin}/end_session`,
    authorization_response_iss_parameter_supported: provider.namesItself,
    response_types_supported: ['token id_token code', 'code'],
    id_token_signing_alg_values_supported: ['none', 'RS256', 'HS256', 'ES256', 'PS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    'a member': { that: 'nobody knows' },
  });

  async function redeem(request: IncomingMessage): Promise<Json> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const isRefresh = form.get('grant_type') === 'refresh_token';
    const asked = isRefresh ? takeRefreshToken(form) : takeCode(form);
    const byBasic = credentialsOf(request.headers.authorization);
    const expected = basic ? [client.id, client.secret] : [];
    expect(byBasic.join() === expected.join(), 'other credentials in the header');
    expect(form.get('client_secret') === (basic ? null : client.secret), 'another client_secret');
    // Without nonce after a refresh (OpenID Connect Core 12.2).
    return buildAnswer(asked, isRefresh ? {} : { nonce: asked?.get('nonce') });
  }

  function takeCode(form: URLSearchParams): URLSearchParams | undefined {
    const code = form.get('code') ?? '';
    const asked = codes.get(code);
    codes.delete(code);
    expect(asked !== undefined, 'a wrong or used code');
    expect(form.get('grant_type') === 'authorization_code', 'another grant_type');
    expect(form.get('redirect_uri') === asked?.get('redirect_uri'), 'another redirect_uri');
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '');
    expect(challenge.digest('base64url') === asked?.get('code_challenge'), 'a wrong verifier');
    return asked;
  }

  function takeRefreshToken(form: URLSearchParams): URLSearchParams | undefined {
    counts.refresh += 1;
    const refreshToken = form.get('refresh_token') ?? '';
    const asked = refreshTokens.get(refreshToken);
    refreshTokens.delete(refreshToken);
    expect(asked !== undefined, 'a wrong or used refresh token');
    expect(form.get('scope') === asked?.get('scope'), 'another scope');
    return asked;
  }

  function buildAnswer(asked: URLSearchParams | undefined, own: Json): Json {
    const { faults, signingKey } = provider;
    const now = Math.floor(provider.now() / 1000);
    const rightHeader = { alg: 'RS256', typ: 'JWT', kid: signingKey.jwk['kid'] };
    const rightClaims = {
      iss: provider.issuer,
      aud: client.id,
      sub: 'a-subject',
      iat: now,
      exp: now + 300,
      auth_time: now,
      ...own,
      tfp: policy,
      name: 'Alice Example',
      emails: ['alice@example.com'],
    };
    const header = faults.header?.(rightHeader) ?? rightHeader;
    const claims = faults.claims?.(rightClaims) ?? rightClaims;
    const input = `${encode(header)}.${encode(claims)}`;
    const signature = faults.signature?.(input) ?? rs256(input, provider.signingKey);
    const rightIdToken = `${input}.${signature.toString('base64url')}`;
    const idToken = faults.idToken?.(rightIdToken) ?? rightIdToken;
    const refreshToken = `marker-refresh-token-${randomUUID()}`;
    if (asked) refreshTokens.set(refreshToken, asked);
    idTokens.add(idToken);
    newestAccessToken = `marker-access-token-${randomUUID()}`;
    const answer = {
      access_token: newestAccessToken,
      refresh_token: refreshToken,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: idToken,
    };
    return faults.token?.(answer) ?? answer;
  }

  return provider;
}

export const sendJson: Wire = (response, body) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
};

export const rs256 = (input: string, { privateKey }: Key) =>
  sign('sha256', Buffer.from(input), privateKey);

/** Id and secret of a Basic header, each form-encoded inside (RFC 6749, 2.3.1). */
function credentialsOf(header: string | undefined): string[] {
  const pair = Buffer.from(header?.replace('Basic ', '') ?? '', 'base64').toString();
  return pair.split(':').flatMap((text) => [...new URLSearchParams(text).keys()]);
}
