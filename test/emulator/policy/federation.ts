/** A tenant whose policy signs users in at a provider on this computer, and an application that shows where it ends. */
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { createEmulator, type Emulator } from '../../../dist/emulator/emulator.js';
import { type Browser, createBrowser } from '../../clients/browser.js';
import { emptyFolder } from '../../support/folder.js';
import { sharedKeys } from '../../support/signing-keys.js';
import { authorizationUrl, claimsOf, type Json, requestToken } from '../support.js';
import { claims, exchange, metadata, policyXml } from './own-policy.js';

export const PARTNER_ID = 'f0b6e55f-0000-4000-8000-00000000c001';
export const PARTNER_SECRET = 'a secret of the partner';
const POLICY = 'B2C_1A_Own';

export interface Federation {
  emulator: Emulator;
  visitor: Browser;
  /** Opens the policy, which redirects to the provider. */
  open(parameters?: Record<string, string>): Promise<void>;
  /** Where the application was called. */
  left(): URLSearchParams;
  /** URL of the authorization request. */
  url(parameters?: Record<string, string>): string;
  /** Claims of the token that the application gets. */
  claims(callback?: URL): Promise<Json>;
}

export interface ProviderProfile {
  protocol: 'OAuth2' | 'OpenIdConnect';
  metadata: Record<string, string>;
  inputs?: readonly string[];
  outputs: readonly string[];
  rest?: Record<string, string>;
  secret?: string;
  /** Port of the emulator, for a provider that compares redirect URIs. */
  port?: number;
}

/** A server on loopback, which records the paths of its requests. */
export async function listen(
  t: TestContext,
  handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<string> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function federationXml({ protocol, inputs = [], ...profile }: ProviderProfile): string {
  const names = ['partnerId', 'partnerName', 'partnerMail', 'partnerToken', 'hint'];
  return policyXml({
    claims: Object.fromEntries(names.map((name) => [name, 'string'])),
    profiles: `<TechnicalProfile Id="Partner"><DisplayName>Partner</DisplayName><Protocol Name="${protocol}" />
      ${metadata({ client_id: PARTNER_ID, ...profile.metadata })}
      <CryptographicKeys><Key Id="client_secret" StorageReferenceId="B2C_1A_Partner" /></CryptographicKeys>
      ${inputs.length > 0 ? claims('Input', ...inputs) : ''}${claims('Output', ...profile.outputs)}</TechnicalProfile>`,
    steps: exchange(1, 'Partner'),
    token: ['partnerId PartnerClaimType="sub"', ...names.slice(1, 4)],
  });
}

export async function startFederation(
  t: TestContext,
  profile: ProviderProfile,
): Promise<Federation> {
  const folder = emptyFolder(t);
  writeFileSync(path.join(folder, 'own.xml'), federationXml(profile));
  const emulator = await createEmulator({
    keys: await sharedKeys(),
    ...(profile.port ? { port: profile.port } : {}),
    customPolicies: {
      folder,
      keys: { B2C_1A_Partner: profile.secret ?? PARTNER_SECRET },
      ...(profile.rest ? { rest: profile.rest } : {}),
    },
  });
  t.after(() => emulator.close());
  const application = await listen(t, (_, response) => void response.end('the application'));
  const redirectUri = `${application}/callback`;
  const visitor = createBrowser();
  const left = () => {
    const { href, searchParams } = visitor.page.url;
    if (!href.startsWith(redirectUri)) throw new Error(`still at ${href}: ${visitor.page.body}`);
    return searchParams;
  };
  const url = (parameters: Record<string, string> = {}) =>
    authorizationUrl(emulator, POLICY, { redirect_uri: redirectUri, ...parameters });
  return {
    emulator,
    visitor,
    left,
    url,
    open: (parameters) => visitor.open(url(parameters)),
    async claims(callback) {
      const parameters = callback?.searchParams ?? left();
      const code = parameters.get('code') ?? '';
      if (code === '') throw new Error(`no code: ${parameters}`);
      const request = { code, redirect_uri: redirectUri };
      return claimsOf((await requestToken(emulator, POLICY, request)).body['id_token']);
    },
  };
}
