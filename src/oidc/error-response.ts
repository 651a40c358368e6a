import type { ErrorActionConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import type { ErrorAction } from './code-category.ts';
import { parseDescription, parseErrorName } from './provider-error.ts';

/** An action other than an error page, and the error code of the provider that caused it. */
export type NextStep = Exclude<ErrorAction, { kind: 'fail' }> & {
  providerCode?: string | undefined;
};

/**
 * Returns what to do after an error response (RFC 6749, 4.1.2.1): the action of the provider's code, or of the
 * name of the error, in the setting `errors`, or else the default of the kind of tenant.
 * @throws SignInError if the result is an error page
 */
export function actionFor(
  parameters: URLSearchParams,
  defaults: Readonly<Record<string, ErrorAction>>,
  configured: Readonly<Record<string, ErrorActionConfig>>,
): NextStep {
  const { providerCode, correlationId } = parseDescription(parameters.get('error_description'));
  const providerError = parseErrorName(parameters.get('error'));
  const action =
    toAction(configured, providerCode) ??
    toAction(configured, providerError) ??
    defaults[providerCode ?? ''] ??
    actionForOAuthError(providerError);
  if (action.kind !== 'fail') return { ...action, providerCode };
  const detail = providerCode
    ? 'the provider ended the sign-in'
    : 'the provider ended the sign-in without an error code';
  throw new SignInError(action.code, detail, {
    providerCode,
    providerError,
    providerCorrelationId: correlationId,
  });
}

const actionForOAuthError = (error: string | undefined): ErrorAction => ({
  kind: 'fail',
  code: error === 'access_denied' ? 'sign_in_refused' : 'provider_refused',
});

function toAction(
  configured: Readonly<Record<string, ErrorActionConfig>>,
  name: string | undefined,
): ErrorAction | undefined {
  // Own properties only: a provider may send `constructor`.
  const action = name && Object.hasOwn(configured, name) ? configured[name] : undefined;
  if (!action) return undefined;
  return 'goBack' in action
    ? { kind: 'go-back' }
    : { kind: 'start-policy', policy: action.startPolicy };
}
