import { isRegisteredRedirectUri } from '../definition/application.ts';
import type { PolicyKind } from '../definition/policy.ts';
import { configuredApplications, type LocalTenant } from '../endpoints/local-tenant.ts';
import { LANGUAGES } from '../pages/languages.ts';
import type { Call } from './admin-call.ts';
import { resultPage, SCOPE } from './run-policy.ts';

/** An application, and the redirect URIs with which a policy can be run. */
interface RunTarget {
  name: string;
  choices: { value: string; label: string }[];
}

/** The choices of "Run user flow". */
export function buildPoliciesPage({ tenant, origin }: Pick<Call, 'tenant' | 'origin'>) {
  const policies = tenant.definition.policies.filter(({ kind }) => kind !== 'passwordGrant');
  return {
    runnable: new Set(policies.map(({ name }) => name)),
    targets: listTargets(tenant, resultPage(origin)),
    ...{ kinds: KINDS, scope: SCOPE, languages: LANGUAGE_NAMES },
    emails: [...tenant.accounts.values()].map(({ email }) => email),
  };
}

const KINDS: Record<PolicyKind, string> = {
  signUpOrSignIn: 'sign up or sign in',
  signIn: 'sign in',
  signUp: 'sign up',
  editProfile: 'profile editing',
  changePassword: 'password change',
  resetPassword: 'password reset',
  passwordGrant: 'password grant (ROPC)',
};

const names = new Intl.DisplayNames('en', { type: 'language' });
const LANGUAGE_NAMES = LANGUAGES.map(({ tag }) => ({ tag, name: names.of(tag) ?? tag }));

function listTargets(
  tenant: Pick<LocalTenant, 'definition' | 'ownApplication'>,
  page: string,
): RunTarget[] {
  return configuredApplications(tenant).flatMap((application) => {
    const { id, name, redirectUris } = application;
    const isShownHere = isRegisteredRedirectUri(application, page);
    const choices = [
      ...(isShownHere ? [{ value: describeTarget(id, page), label: 'show the tokens here' }] : []),
      ...redirectUris
        .filter((uri) => uri !== page)
        .map((uri) => ({ value: describeTarget(id, uri), label: uri })),
    ];
    return choices.length > 0 ? [{ name, choices }] : [];
  });
}

// A list without script has one value for both.
const describeTarget = (application: string, redirectUri: string): string =>
  new URLSearchParams({ application, redirectUri }).toString();
