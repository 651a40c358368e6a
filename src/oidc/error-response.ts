import type { ErrorActionConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import type { ErrorAction } from './code-category.ts';
import { parseDescription } from './provider-error.ts';

/** An action other than an error page, and the error code of the provider that caused it. */
export type NextStep = Exclude<ErrorAction, { kind: 'fail' }> & {
  providerCode?: string | undefined;
};

/**
 * Returns what to do after an error response (RFC 6749, 4.1.2.1): the action of the provider's code in the
 * setting `errors`, or else the default of the kind of tenant.
 * @throws SignInError if the result is an error page
 */
export function actionFor(
  parameters: URLSearchParams,
  defaults: Readonly<Record<string, ErrorAction>>,
  configured: Readonly<Record<string, ErrorActionConfig>>,
): NextStep {
  const { providerCode, correlationId } = parseDescription(parameters.get('error_description'));
  const action =
    toAction(configured[providerCode ?? '']) ??
    defaults[providerCode ?? ''] ??
    actionForOAuthError(parameters.get('error'));
  if (action.kind !== 'fail') return { ...action, providerCode };
  const detail = providerCode
    ? 'the provider ended the sign-in'
    : 'the provider ended the sign-in without an error code';
  throw new SignInError(action.code, detail, {
    providerCode,
    providerCorrelationId: correlationId,
  });
}

const actionForOAuthError = (error: string | null): ErrorAction => ({
  kind: 'fail',
  code: error === 'access_denied' ? 'sign_in_refused' : 'provider_refused',
});

function toAction(configured: ErrorActionConfig | undefined): ErrorAction | undefined {
  if (!configured) return undefined;
  if ('goBack' in configured) return { kind: 'go-back' };
  return { kind: 'start-policy', policy: configured.startPolicy };
}
