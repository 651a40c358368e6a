// The second yardstick: the smallest server that signs users in with node:http, openid-client and Eta. It has
// PKCE, state, nonce, signature checks, sessions in a Map, one page and an endpoint for a reverse proxy.
// Run this file with the options as JSON, or import it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta/core';
import * as openid from 'openid-client';

export interface MinimalOptions {
  port: number;
  authority: string;
  clientId: string;
  clientSecret: string;
}

interface Session {
  claims: openid.IDToken;
  tokens: openid.TokenEndpointResponse;
}

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title><%= it.title %></title></head><body>
<main><h1><%= it.title %></h1>
<% if (it.claims) { %>
<p>You are signed in as <strong><%= it.claims.name %></strong>.</p>
<dl><% for (const [name, value] of Object.entries(it.claims)) { %><dt><%= name %></dt><dd><%= value %></dd><% } %></dl>
<form method="post" action="/auth/sign_out"><button>Sign out</button></form>
<% } else { %><p><a href="/auth/sign_in">Sign in</a></p><% } %>
</main></body></html>`;

/** Starts the server. Resolves when it listens. */
export async function startMinimal(options: MinimalOptions): Promise<void> {
  const { port, authority, clientId, clientSecret } = options;
  const url = new URL(`${authority}/B2C_1_susi/v2.0/.well-known/openid-configuration`);
  const config = await openid.discovery(url, clientId, clientSecret, undefined, {
    execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
  });
  const eta = new Eta({ cache: true });
  eta.loadTemplate('@page', PAGE);
  const redirectUri = `http://localhost:${port}/auth/redirect`;
  const attempts = new Map<string, { nonce: string; codeVerifier: string }>();
  const sessions = new Map<string, Session>();

  const findSession = ({ headers }: IncomingMessage) =>
    sessions.get(/(?:^|; )sid=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? '');

  const routes: Record<
    string,
    (request: IncomingMessage, response: ServerResponse, url: URL) => unknown
  > = {
    '/'(request, response) {
      const body = eta.render('@page', { title: 'Start page', ...findSession(request) });
      const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
      response.writeHead(200, headers).end(body);
    },
    '/auth/verify'(request, response) {
      const subject = findSession(request)?.claims.sub;
      if (subject) response.writeHead(202, { 'x-auth-request-user': subject }).end();
      else response.writeHead(401).end();
    },
    async '/auth/sign_in'(_request, response) {
      const [state, nonce] = [openid.randomState(), openid.randomNonce()];
      const codeVerifier = openid.randomPKCECodeVerifier();
      attempts.set(state, { nonce, codeVerifier });
      const location = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: `openid offline_access ${clientId}`,
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      });
      response.writeHead(302, { location: location.href }).end();
    },
    async '/auth/redirect'(_request, response, callback) {
      const state = callback.searchParams.get('state') ?? '';
      const attempt = attempts.get(state);
      if (!attempt) return response.writeHead(400).end();
      attempts.delete(state);
      const tokens = await openid.authorizationCodeGrant(config, callback, {
        expectedState: state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.codeVerifier,
      });
      const claims = tokens.claims();
      if (!claims) return response.writeHead(400).end();
      const id = openid.randomState();
      sessions.set(id, { claims, tokens });
      const cookie = `sid=${id}; Path=/; HttpOnly; SameSite=Lax`;
      return response.writeHead(303, { location: '/', 'set-cookie': cookie }).end();
    },
  };

  const server = createServer((request, response) => {
    const target = new URL(request.url ?? '', redirectUri);
    const route = routes[target.pathname];
    if (route) void route(request, response, target);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await startMinimal(JSON.parse(process.argv[2] ?? '{}'));
}
