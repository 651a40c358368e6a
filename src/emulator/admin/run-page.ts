/** The result of "Run user flow": the tokens, decoded and checked, or the error. */
import { findApplication } from '../definition/application.ts';
import { findPolicy } from '../definition/policy.ts';
import type { PolicyRunResult } from '../endpoints/own-application.ts';
import type { Call } from './admin-call.ts';
import { type DecodedToken, decodeToken } from './decode-token.ts';
import { requireRun } from './run-policy.ts';

const TOKENS: readonly [member: string, name: string][] = [
  ['id_token', 'ID token'],
  ['access_token', 'Access token'],
];

export async function buildRunPage({ tenant, item }: Call) {
  const run = requireRun(tenant, item);
  const { definition } = tenant;
  const result = await run.result;
  const members = result?.kind === 'tokens' ? readMembers(result.response.body) : {};
  const context = { tenant, run, now: result?.kind === 'tokens' ? result.at : tenant.now() };
  const tokens = TOKENS.flatMap(([member, name]): DecodedToken[] => {
    const token = decodeToken(name, String(members[member] ?? ''), context);
    return token ? [token] : [];
  });
  return {
    ...{ run, tokens, error: describeError(result, members) },
    application: findApplication(definition.applications, run.clientId)?.name ?? run.clientId,
    isPending: result === undefined,
    trace: tenant.requestLog.requests.find(
      ({ parameters, trace }) => trace !== undefined && parameters['state'] === run.id,
    )?.trace,
    // A user who clicks "Forgot your password?" continues with this policy.
    resetPolicy: definition.policies.find(({ kind }) => kind === 'resetPassword')?.name,
    policyExists: findPolicy(definition.policies, run.policyName) !== undefined,
    members: Object.entries(members)
      .filter(([member]) => !TOKENS.some(([name]) => name === member))
      .map(([member, value]) => [
        member,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
  };
}

const readMembers = (body: unknown): Record<string, unknown> =>
  typeof body === 'object' && body !== null ? { ...body } : {};

interface RunError {
  title: string;
  text: string;
}

function describeError(
  result: PolicyRunResult | undefined,
  members: Record<string, unknown>,
): RunError | undefined {
  if (!result) return undefined;
  const parameters = result.kind === 'error' ? result.parameters : members;
  if (parameters['error'] !== undefined) {
    return {
      title: String(parameters['error']),
      text: String(parameters['error_description'] ?? ''),
    };
  }
  if (result.kind === 'error')
    return { title: 'The response has neither a code nor an error', text: '' };
  const { status, body, neverResponds } = result.response;
  if (neverResponds) return { title: 'The token endpoint would not respond', text: '' };
  if (status === 200 && typeof body === 'object') return undefined;
  return { title: `The token endpoint responded with ${status}`, text: String(body).slice(0, 500) };
}
