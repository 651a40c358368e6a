import type { ErrorActionConfig } from '../config/tenant-config.ts';
import { SignInError, type SignInErrorCode } from '../errors.ts';
import { parseDescription } from './provider-error.ts';

/** What follows when the provider sends the browser back with an error. */
export type ErrorAction =
  /** Another policy begins, by its key; the return path stays. */
  | { kind: 'start-policy'; policy: string }
  /** The visitor changed his mind: back where it began, and a session stays as it is. */
  | { kind: 'go-back' }
  | { kind: 'fail'; code: SignInErrorCode };

/** What follows when it is no error page, and the code of the provider that asks for it. */
export type NextStep = Exclude<ErrorAction, { kind: 'fail' }> & {
  providerCode?: string | undefined;
};

const fail = (code: SignInErrorCode): ErrorAction => ({ kind: 'fail', code });

// By the number that B2C puts in front of its words; `docs/errors.md` has advice for each. The
// `errors` of the configuration are laid over these.
export const AZURE_AD_B2C_ACTIONS: Record<string, ErrorAction> = {
  // "Forgot your password?"
  AADB2C90118: { kind: 'start-policy', policy: 'resetPassword' },
  // Cancel
  AADB2C90091: { kind: 'go-back' },
  // No session at the provider to sign in with silently.
  AADB2C90077: fail('sign_in_refused'),
  // The identity provider behind B2C refused, or was refused.
  AADB2C90273: fail('sign_in_refused'),
  // No phone for the second factor; too many tries of it, or of a form.
  AADB2C90145: fail('sign_in_refused'),
  AADB2C90151: fail('sign_in_refused'),
  AADB2C90157: fail('sign_in_refused'),
  // The identity provider or B2C itself cannot be reached, or has too much to do.
  AADB2C90289: fail('provider_unreachable'),
  AADB2C90035: fail('provider_unreachable'),
  AADB2C90244: fail('provider_unreachable'),
  // The registration of this application does not fit.
  AADB2C90006: fail('registration_refused'),
  AADB2C90057: fail('registration_refused'),
  AADB2C90117: fail('registration_refused'),
  AADB2C90146: fail('registration_refused'),
  AADB2C90205: fail('registration_refused'),
};

/**
 * What follows an error response (RFC 6749, 4.1.2.1).
 * @throws SignInError when nothing does but an error page
 */
export function actionFor(
  parameters: URLSearchParams,
  usual: Readonly<Record<string, ErrorAction>>,
  configured: Readonly<Record<string, ErrorActionConfig>>,
): NextStep {
  const { providerCode = '', correlationId } = parseDescription(
    parameters.get('error_description'),
  );
  const denied = parameters.get('error') === 'access_denied';
  const reaction =
    reactionOf(configured[providerCode]) ??
    usual[providerCode] ??
    fail(denied ? 'sign_in_refused' : 'provider_refused');
  if (reaction.kind !== 'fail') return { ...reaction, providerCode: providerCode || undefined };
  const what = providerCode ? 'ended the sign-in' : 'ended the sign-in without a code of its own';
  throw new SignInError(reaction.code, `the provider ${what}`, {
    providerCode: providerCode || undefined,
    providerCorrelationId: correlationId,
  });
}

function reactionOf(configured: ErrorActionConfig | undefined): ErrorAction | undefined {
  if (!configured) return undefined;
  if ('goBack' in configured) return { kind: 'go-back' };
  return { kind: 'start-policy', policy: configured.startPolicy };
}
