/** The URLs of the hosted pages. */
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

/** The part of the page URLs that names the type of the page, by its template. */
export const API_NAMES = {
  unified: 'CombinedSigninAndSignup',
  providers: 'CombinedSigninAndSignup',
  'self-asserted': 'SelfAsserted',
  phonefactor: 'Phonefactor',
} as const;

/** The value of `data-name` of `div#api`, by the template of the page. */
export const DATA_NAMES = {
  unified: 'Unified',
  providers: 'IdpSelections',
  'self-asserted': 'SelfAsserted',
  phonefactor: 'Phonefactor',
} as const;

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
