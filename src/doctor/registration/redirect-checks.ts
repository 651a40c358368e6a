import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import { explainCode } from '../../oidc/provider-codes.ts';
import type { CheckId } from '../catalogue.ts';
import type { Check } from '../check.ts';
import type { TenantCase } from '../tenant/tenant-case.ts';
import { checkOf } from './code-checks.ts';
import { type Asked, askToSignIn } from './sign-in-request.ts';
import { uriDifference } from './uri-difference.ts';

// Nobody is signed in there for the doctor, and that is all that is left to say.
const NOBODY_SIGNED_IN = new Set(['AADB2C90077', 'AADSTS50058']);
const NEEDS_SOMEBODY = /^(login|interaction|consent|account_selection)_required$/;

/** What the answer to a sign-in shows of this application's registration. */
export function* requestChecks(
  given: TenantCase,
  asked: Asked,
  redirectUri: string,
): Generator<Check> {
  const { say, explain, place } = given;
  if (asked.kind === 'failure') {
    const { detail, mend } = explain(asked.failure, asked.url);
    yield say.warn('sign-in.request', detail, { mend });
    return;
  }
  const { code, error, isTaken } = asked;
  const id = checkOf(code);
  if (id === 'redirect-uri.registered') {
    yield notRegistered(given, asked, redirectUri);
    return;
  }
  if (id && !isTaken) {
    yield refusal(given, id, code);
    return;
  }
  if (!isTaken) {
    yield say.warn(
      'redirect-uri.registered',
      `the provider does not say whether it knows ${redirectUri}`,
      {
        mend: 'Compare it with the registration by eye.',
        place: place('authentication'),
      },
    );
    return;
  }
  yield say.ok('client.id', 'known in this tenant');
  yield say.ok('redirect-uri.registered', `${redirectUri} is registered`);
  if (id) yield refusal(given, id, code);
  else yield requestCheck(given, { code, error });
}

/** A refusal of the provider, in the words that this program has for it. */
function refusal({ say, config }: TenantCase, id: CheckId, code: string | undefined): Check {
  const { cause = 'refused', fix = '', portal } = explainCode(code) ?? {};
  const about = id === 'client.id' ? `${config.client.id}: ` : '';
  return say.mend(id, `${about}${cause} (${code})`, { mend: fix, place: portal });
}

function requestCheck(
  { say }: TenantCase,
  { code, error }: { code: string | undefined; error: string | undefined },
): Check {
  const needsSomebody = NEEDS_SOMEBODY.test(error ?? '') || NOBODY_SIGNED_IN.has(code ?? '');
  if (needsSomebody) {
    return say.ok(
      'sign-in.request',
      'the provider takes it, with its scopes, and would ask who it is',
    );
  }
  const known = explainCode(code);
  return say.mend(
    'sign-in.request',
    `${known?.cause ?? 'the provider refuses it'} (${code ?? 'no code'})`,
    {
      mend: known?.fix ?? 'Look at the request in the browser, and the code up in docs/errors.md.',
      place: known?.portal,
    },
  );
}

function notRegistered(
  { say, config, place }: TenantCase,
  asked: Extract<Asked, { kind: 'answer' }>,
  redirectUri: string,
): Check {
  const { code, elsewhere } = asked;
  const difference = elsewhere && uriDifference(redirectUri, elsewhere);
  return say.mend(
    'redirect-uri.registered',
    `${redirectUri} is not registered for ${config.client.id}${difference ? `; ${difference}` : ''} (${code})`,
    {
      mend: 'Register this very text as a redirect URI of type Web: B2C compares port, path, letter case and the slash at the end. It begins with https, but for http://localhost.',
      place: place('authentication'),
    },
  );
}

/** B2C holds the address after signing out against the redirect URIs, under some settings. */
export async function* signOutAddressChecks(
  given: TenantCase,
  provider: DiscoveredPolicy,
  postSignOutUri: string,
): AsyncGenerator<Check> {
  const { say, config, place } = given;
  const id = 'redirect-uri.sign-out';
  if (config.tenant.kind === 'generic') {
    yield say.skipped(
      id,
      `${postSignOutUri} is registered in a list of its own, which cannot be asked`,
    );
    return;
  }
  const asked = await askToSignIn(given, provider, postSignOutUri);
  if (asked.kind === 'failure') {
    yield say.skipped(id, `there is no answer (${asked.failure})`);
  } else if (asked.isTaken) {
    yield say.ok(id, `${postSignOutUri} is registered`);
  } else {
    yield say.warn(id, `${postSignOutUri} is not registered`, {
      mend: 'Register it as a redirect URI too: with an ID token as hint the provider goes back only to one that it knows.',
      place: place('authentication'),
    });
  }
}
