/** The URLs of the hosted pages. */
import type { Journey } from '../journeys/journey.ts';

/** A sign-in in progress, as its URLs and forms identify it. */
export interface PageSession {
  /** `tx` in URLs, in B2C's format. */
  id: string;
  /** Also in a cookie: forms of other sites and of other browsers are rejected. */
  csrf: string;
  pageViewId: string;
  /** Path prefix of the pages: `/tenant/policy`. */
  basePath: string;
  policyName: string;
}

/** The part of the page URLs that names the type of the page. */
export function apiName({ step, policy }: Journey): string {
  if (step === 'phone_factor') return 'Phonefactor';
  const isUnified = step === 'sign_in' && policy.page.signIn === 'unified';
  return isUnified ? 'CombinedSigninAndSignup' : 'SelfAsserted';
}

/** The target of every form. The form contains the CSRF token. */
export const formUrl = ({ id, basePath, policyName }: PageSession): string =>
  `${basePath}/SelfAsserted?tx=${id}&p=${policyName}`;

/** A URL that the browser opens with GET. */
export function linkUrl(
  { id, csrf, basePath, policyName }: PageSession,
  path: string,
  query = '',
): string {
  const common = `csrf_token=${csrf}&tx=${id}&p=${policyName}`;
  return `${basePath}/${path}?${query === '' ? '' : `${query}&`}${common}`;
}
