/** "Run user flow": starts a policy from the dashboard, and redeems the code that comes back. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { LocalPath } from '../../http/local-path.ts';
import { type Application, findApplication } from '../definition/application.ts';
import { findPolicy, type Policy } from '../definition/policy.ts';
import { tenantKind } from '../definition/tenant-kinds.ts';
import type { LocalTenant } from '../endpoints/local-tenant.ts';
import {
  type PolicyRun,
  type PolicyRunResult,
  registerResultPage,
} from '../endpoints/own-application.ts';
import { handleTokenRequest } from '../endpoints/token.ts';
import type { Call } from './admin-call.ts';
import { AdminError } from './admin-error.ts';
import { ADMIN_PREFIX } from './admin-exchange.ts';

export const SCOPE = 'openid offline_access';

/** Where the dashboard receives authorization responses. */
export const resultPage = (origin: string): string => `${origin}${ADMIN_PREFIX}run/result`;

/** Returns the authorization URL. */
export function startRun({ tenant, origin, body }: Call): { url: string } {
  const fields = readFields(body);
  const { client, redirectUri } = chooseTarget(tenant, fields, resultPage(origin));
  const policy = findPolicy(tenant.definition.policies, fields['policy'] ?? '');
  if (!policy || policy.kind === 'passwordGrant') {
    throw new AdminError(400, '"policy" is not a policy with pages of this tenant');
  }
  const run: PolicyRun = {
    ...{ id: randomUUID(), policyName: policy.name, clientId: client.id, redirectUri, origin },
    nonce: randomUUID(),
    codeVerifier: randomBytes(32).toString('base64url'),
    fields,
  };
  tenant.policyRuns.set(run.id, run);
  return { url: buildUrl(tenant, policy, run, client).href };
}

const FIELDS = [
  ...['policy', 'target', 'application', 'redirectUri', 'scope', 'login_hint', 'ui_locales'],
  ...['prompt', 'parameters'],
];

function readFields(body: Record<string, unknown>): Record<string, string> {
  const fields = FIELDS.map((name) => [name, String(body[name] ?? '').trim()] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== ''));
}

/** The application and redirect URI of the request: those of the dashboard, if it names none. */
function chooseTarget(
  { definition, ownApplication }: LocalTenant,
  fields: Record<string, string>,
  page: string,
): { client: Application; redirectUri: string } {
  // The list of the form has one value for both.
  const target = new URLSearchParams(fields['target']);
  const id = fields['application'] ?? target.get('application');
  if (!id) {
    registerResultPage(ownApplication, page);
    return { client: ownApplication, redirectUri: page };
  }
  const client = findApplication(definition.applications, id);
  if (!client) throw new AdminError(400, '"application" is not an application of this tenant');
  return { client, redirectUri: fields['redirectUri'] ?? target.get('redirectUri') ?? page };
}

function buildUrl(
  { definition }: LocalTenant,
  policy: Policy,
  run: PolicyRun,
  client: Application,
): URL {
  const { fields, origin } = run;
  const path = tenantKind(definition.tenant).endpointPath(definition.tenant, policy);
  const url = new URL(`${origin}${path}/oauth2/v2.0/authorize`);
  // An application without this verifier could not redeem the code.
  const isForApplication = run.redirectUri !== resultPage(origin) && client.type === 'web';
  const parameters = {
    ...{ client_id: client.id, response_type: 'code', redirect_uri: run.redirectUri },
    ...{ scope: fields['scope'] ?? SCOPE, state: run.id, nonce: run.nonce },
    ...(isForApplication ? {} : challenge(run.codeVerifier)),
    ...(fields['login_hint'] ? { login_hint: fields['login_hint'] } : {}),
    ...(fields['ui_locales'] ? { ui_locales: fields['ui_locales'] } : {}),
    ...(fields['prompt'] === 'login' ? { prompt: 'login' } : {}),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  for (const [name, value] of new URLSearchParams(fields['parameters'])) {
    if (!url.searchParams.has(name)) url.searchParams.append(name, value);
  }
  return url;
}

const challenge = (codeVerifier: string) => ({
  code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
  code_challenge_method: 'S256',
});

/** Redeems the code once, and shows the result on a page that can be loaded again. */
export async function finishRun({ tenant, query }: Call): Promise<LocalPath> {
  const run = requireRun(tenant, query.get('state') ?? '');
  const code = query.get('code');
  run.result ??= code
    ? redeem(tenant, run, code)
    : Promise.resolve({ kind: 'error', parameters: Object.fromEntries(query) });
  await run.result;
  return `${ADMIN_PREFIX}runs/${run.id}` as LocalPath;
}

/** @throws AdminError for a run that the dashboard did not start, or that is too long ago */
export function requireRun({ policyRuns }: Pick<LocalTenant, 'policyRuns'>, id: string): PolicyRun {
  const run = policyRuns.get(id);
  if (run) return run;
  throw new AdminError(404, 'This run is unknown: it was not started here, or is over.');
}

async function redeem(tenant: LocalTenant, run: PolicyRun, code: string): Promise<PolicyRunResult> {
  const { definition } = tenant;
  const client = findApplication(definition.applications, run.clientId);
  const policy = findPolicy(definition.policies, run.policyName);
  if (!client || !policy) throw new AdminError(404, 'The policy or application is gone.');
  const parameters = new URLSearchParams({
    ...{ grant_type: 'authorization_code', client_id: client.id, code },
    ...{ redirect_uri: run.redirectUri, code_verifier: run.codeVerifier },
  });
  const [secret] = client.secrets;
  if (client.type === 'web' && secret) parameters.set('client_secret', secret);
  const { origin } = run;
  const request = { parameters, policy, origin, authorization: undefined };
  const response = await handleTokenRequest(tenant, request);
  return { kind: 'tokens', response, at: tenant.now() };
}
