import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import { explainCode } from '../../oidc/provider-codes.ts';
import type { CheckId } from '../catalogue.ts';
import type { Check } from '../check.ts';
import type { TenantContext } from '../tenant/tenant-context.ts';
import { checkOf } from './code-checks.ts';
import { probeSignIn, type SignInProbe } from './sign-in-probe.ts';
import { uriDifference } from './uri-difference.ts';

// Errors of a valid authorization request with `prompt=none` and without a signed-in user.
const LOGIN_REQUIRED = new Set(['AADB2C90077', 'AADSTS50058']);
const INTERACTION_REQUIRED = /^(login|interaction|consent|account_selection)_required$/;

/** Checks what the response to an authorization request shows of the registration. */
export function* requestChecks(
  context: TenantContext,
  probe: SignInProbe,
  redirectUri: string,
): Generator<Check> {
  const { report, explain, portalFor } = context;
  if (probe.kind === 'failure') {
    const { detail, fix } = explain(probe.failure, probe.url);
    yield report.warn('sign-in.request', detail, { fix });
    return;
  }
  const { code, error, isAccepted } = probe;
  const id = checkOf(code);
  if (id === 'redirect-uri.registered') {
    yield notRegistered(context, probe, redirectUri);
    return;
  }
  if (id && !isAccepted) {
    yield rejection(context, id, code);
    return;
  }
  if (!isAccepted) {
    const detail = `the response does not show whether ${redirectUri} is registered`;
    yield report.warn('redirect-uri.registered', detail, {
      fix: 'Compare it with the registration.',
      portal: portalFor('authentication'),
    });
    return;
  }
  yield report.ok('client.id', 'registered in this tenant');
  yield report.ok('redirect-uri.registered', `${redirectUri} is registered`);
  if (id) yield rejection(context, id, code);
  else yield requestCheck(context, { code, error });
}

function rejection(
  { report, config }: TenantContext,
  id: CheckId,
  code: string | undefined,
): Check {
  const { cause = 'rejected', fix = '', portal } = explainCode(code) ?? {};
  const subject = id === 'client.id' ? `${config.client.id}: ` : '';
  return report.fail(id, `${subject}${cause} (${code})`, { fix, portal });
}

function requestCheck(
  { report }: TenantContext,
  { code, error }: { code: string | undefined; error: string | undefined },
): Check {
  if (INTERACTION_REQUIRED.test(error ?? '') || LOGIN_REQUIRED.has(code ?? '')) {
    return report.ok('sign-in.request', 'the provider accepts it with its scopes');
  }
  const known = explainCode(code);
  const detail = `${known?.cause ?? 'the provider rejects it'} (${code ?? 'no code'})`;
  return report.fail('sign-in.request', detail, {
    fix: known?.fix ?? 'Try to sign in with a browser, and look up the code in docs/errors.md.',
    portal: known?.portal,
  });
}

function notRegistered(
  { report, config, portalFor }: TenantContext,
  { code, otherRedirectUri }: Extract<SignInProbe, { kind: 'response' }>,
  redirectUri: string,
): Check {
  const difference = otherRedirectUri ? `; ${uriDifference(redirectUri, otherRedirectUri)}` : '';
  return report.fail(
    'redirect-uri.registered',
    `${redirectUri} is not registered for ${config.client.id}${difference} (${code})`,
    {
      fix: 'Register the exact URI as type Web. B2C compares port, path, case and trailing slash, and requires https except for http://localhost.',
      portal: portalFor('authentication'),
    },
  );
}

/** Checks the post-logout redirect URI, which some settings of B2C require to be a redirect URI, too. */
export async function* postLogoutChecks(
  context: TenantContext,
  provider: DiscoveredPolicy,
  postSignOutUri: string,
): AsyncGenerator<Check> {
  const { report, config, portalFor } = context;
  const id = 'redirect-uri.sign-out';
  if (config.tenant.kind === 'generic') {
    const detail = `whether ${postSignOutUri} is registered cannot be checked at a generic provider`;
    yield report.skipped(id, detail);
    return;
  }
  const probe = await probeSignIn(context, provider, postSignOutUri);
  if (probe.kind === 'failure') {
    yield report.skipped(id, `the provider does not respond (${probe.failure})`);
  } else if (probe.isAccepted) {
    yield report.ok(id, `${postSignOutUri} is registered`);
  } else {
    yield report.warn(id, `${postSignOutUri} is not registered`, {
      fix: 'Register it as a redirect URI, too. With an id_token_hint, the provider redirects only to a registered URI.',
      portal: portalFor('authentication'),
    });
  }
}
