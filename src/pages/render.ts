import type { Templates } from './templates.ts';

/** What is the same on every page of one application. */
export interface Site {
  paths: {
    home: string;
    tokenDetails: string;
    signIn: string;
    signOut: string;
    /** Absent when no such policy is configured; then no page links to it. */
    editProfile?: string | undefined;
    resetPassword?: string | undefined;
    styleSheet: string;
  };
  /** Further policies that have a label: links for signed-in visitors. */
  morePolicies: { href: string; label: string }[];
  /** What has to be registered in the Azure portal for this application to work. */
  registration: { redirectUri: string; postSignOutUri: string };
  /** Shown on every page of the demo, so that nobody takes it for the real thing. */
  demo?: { tenantUrl: string; accounts: { email: string; password: string }[] } | undefined;
}

/** The signed-in person, as pages show them. */
export interface Viewer {
  name: string;
  email?: string | undefined;
}

export interface ErrorModel {
  title: string;
  advice: string;
  link: { href: string; text: string };
  correlationId: string;
  /** Azure AD B2C's own id of the failure, for its support. */
  providerCorrelationId?: string | undefined;
}

export interface Pages {
  status(model: { viewer?: Viewer | undefined }): string;
  tokenDetails(model: { viewer: Viewer; claims: Record<string, unknown> }): string;
  /** The 401 page; signing in from it leads to `returnTo`. */
  unauthorized(model: { returnTo: string }): string;
  /** Asks before signing out; its form posts to the sign-out route. */
  signOut(model: { viewer: Viewer }): string;
  /** Signed out here; leads the browser on to end the session at the provider too. */
  leaving(model: { href: string }): string;
  signedOut(): string;
  error(model: ErrorModel): string;
}

/** One row of the claims page. */
export interface ClaimRow {
  name: string;
  value: string;
  /** The same moment in ISO 8601, for claims that are times. */
  time?: string | undefined;
}

// Claims about the token itself; everything else is about the person.
const TOKEN_CLAIMS = new Set(
  'iss aud exp nbf iat auth_time nonce ver tfp acr azp sid at_hash c_hash typ jti'.split(' '),
);
const TIME_CLAIMS = new Set(['exp', 'nbf', 'iat', 'auth_time']);

/** Every page of the application as a function of its data. */
export function createPages(templates: Templates, site: Site): Pages {
  const render = (name: string, title: string, it: object) =>
    templates.render(name, { site, title, viewer: undefined, ...it });
  const withReturn = (path: string, returnTo: string) =>
    `${path}?return_to=${encodeURIComponent(returnTo)}`;
  const { paths } = site;
  return {
    status: ({ viewer }) =>
      render('status', viewer ? 'You are signed in' : 'You are not signed in', {
        viewer,
        signInHref: withReturn(paths.signIn, paths.home),
      }),
    tokenDetails: ({ viewer, claims }) =>
      render('token-details', 'ID token details', {
        viewer,
        here: paths.tokenDetails,
        ...splitClaims(claims),
      }),
    unauthorized: ({ returnTo }) =>
      render('unauthorized', 'Sign in to see this page', {
        signInHref: withReturn(paths.signIn, returnTo),
      }),
    signOut: ({ viewer }) => render('sign-out', 'Sign out?', { viewer }),
    leaving: ({ href }) => render('leaving', 'Signing out', { href }),
    signedOut: () => render('signed-out', 'You are signed out', {}),
    error: (model) => render('error', model.title, { ...model }),
  };
}

function splitClaims(claims: Record<string, unknown>): {
  personClaims: ClaimRow[];
  tokenClaims: ClaimRow[];
} {
  const rows = Object.entries(claims).map(([name, value]) => claimRow(name, value));
  return {
    personClaims: rows.filter((row) => !TOKEN_CLAIMS.has(row.name)),
    tokenClaims: rows.filter((row) => TOKEN_CLAIMS.has(row.name)),
  };
}

// The latest moment that ECMAScript can name; a time beyond it is shown as the number it is.
const LAST_SECOND = 8.64e12;

function claimRow(name: string, value: unknown): ClaimRow {
  const isTime = TIME_CLAIMS.has(name) && typeof value === 'number' && Math.abs(value) <= LAST_SECOND;
  return {
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
    ...(isTime ? { time: new Date(value * 1000).toISOString() } : {}),
  };
}
