import type { Templates } from './templates.ts';

/** What is the same on every page of one application. */
export interface Site {
  paths: {
    home: string;
    tokenDetails: string;
    signIn: string;
    signOut: string;
    sessions: string;
    /** Absent when no such policy is configured; then no page links to it. */
    editProfile?: string | undefined;
    resetPassword?: string | undefined;
    styleSheet: string;
    favicon?: string | undefined;
  };
  /** Further policies that have a label: links for signed-in visitors. */
  morePolicies: { href: string; label: string }[];
  /** The ways in at further tenants, for those who are not signed in. */
  otherSignIns?: { href: string; label: string }[];
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
  viewer?: Viewer | undefined;
  title: string;
  advice: string;
  link: { href: string; text: string };
  correlationId: string;
  /** Azure AD B2C's own id of the failure, for its support. */
  providerCorrelationId?: string | undefined;
  /** For whoever sets the application up: in the demo and at log level debug alone. */
  developer?: DeveloperModel | undefined;
}

/** What the log says of an error, and what its code means. */
export interface DeveloperModel {
  code: string;
  detail: string;
  /** Such as `AADB2C90273`; never the provider's words. */
  providerCode?: string | undefined;
  happened?: string | undefined;
  mend?: string | undefined;
  /** Where in the portal. */
  place?: string | undefined;
}

/** A session of the person who looks at it. */
export interface SessionModel {
  name: string;
  /** "Firefox on Windows". */
  browser: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Whether it is the one of the browser that asks. */
  isThis: boolean;
}

export interface Pages {
  status(model: { viewer?: Viewer | undefined }): string;
  tokenDetails(model: { viewer: Viewer; claims: Record<string, unknown> }): string;
  /** Where somebody is signed in; its forms post the name of the session to end. */
  sessions(model: { viewer: Viewer; sessions: SessionModel[] }): string;
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
  /** The claim as it is when it is text, else its JSON. */
  value: string;
  /** What the claim is in plain words, for claims about the token. */
  meaning?: string | undefined;
  isText: boolean;
  /** The same moment in ISO 8601 and in a form for people, for claims that are times. */
  time?: string | undefined;
  timeText?: string | undefined;
}

// Claims about the token itself; everything else is about the person.
const TOKEN_CLAIMS: ReadonlyMap<string, string> = new Map([
  ['iss', 'Issuer'],
  ['aud', 'Audience: the application'],
  ['exp', 'Expires'],
  ['nbf', 'Valid from'],
  ['iat', 'Issued'],
  ['auth_time', 'Time of authentication'],
  ['nonce', 'Ties the token to one sign-in'],
  ['ver', 'Version'],
  ['tfp', 'Policy'],
  ['acr', 'Policy, or kind of authentication'],
  ['azp', 'Authorized party'],
  ['sid', 'Session at the sign-in service'],
  ['at_hash', 'Hash of the access token'],
  ['c_hash', 'Hash of the code'],
  ['typ', 'Type'],
  ['jti', 'Token id'],
]);
const TIME_CLAIMS = new Set(['exp', 'nbf', 'iat', 'auth_time']);

interface PageData {
  title: string;
  viewer?: Viewer | undefined;
  /** What only this page's template needs. */
  page?: object;
  header?: {
    /** Where "Sign in" leads; without it there is no such button. */
    signInHref?: string | undefined;
    /** Where the page goes on to by itself. */
    refreshHref?: string;
  };
}

/** Every page of the application as a function of its data. */
export function createPages(templates: Templates, site: Site): Pages {
  const { paths, demo } = site;
  const dashboardHref = demo && new URL('/_emulator/', demo.tenantUrl).href;
  const everyday = { signInHref: withReturn(paths.signIn, paths.home) };
  const homeLinks = policyLinks(paths, paths.home);
  const claimsLinks = policyLinks(paths, paths.tokenDetails);
  const otherSignIns = (here: string) =>
    (site.otherSignIns ?? []).map(({ href, label }) => ({ href: withReturn(href, here), label }));
  const render = (name: string, data: PageData) => {
    const { title, viewer, page = {}, header = everyday } = data;
    const { signInHref, refreshHref }: NonNullable<PageData['header']> = header;
    // Member by member: to spread these objects together would cost more than all the rendering.
    const it = { site, title, viewer, signInHref, refreshHref, dashboardHref, page };
    return templates.renderPage(name, it);
  };
  return {
    status: ({ viewer }) =>
      render('status', {
        title: viewer ? 'You are signed in' : 'You are not signed in',
        viewer,
        page: viewer ? homeLinks : { ...homeLinks, otherSignIns: otherSignIns(paths.home) },
      }),
    tokenDetails: ({ viewer, claims }) =>
      render('token-details', {
        title: 'ID token details',
        viewer,
        page: { ...claimsLinks, ...splitClaims(claims) },
      }),
    sessions: ({ viewer, sessions }) =>
      render('sessions', {
        title: 'Your sessions',
        viewer,
        page: {
          sessions: sessions.map(({ startedAt, ...rest }) => ({
            ...rest,
            ...timeOf(new Date(startedAt)),
          })),
        },
      }),
    unauthorized: ({ returnTo }) =>
      render('unauthorized', {
        title: 'Sign in to see this page',
        header: { signInHref: withReturn(paths.signIn, returnTo) },
        page: { otherSignIns: otherSignIns(returnTo) },
      }),
    signOut: ({ viewer }) => render('sign-out', { title: 'Sign out?', viewer }),
    // Half-way through signing out is no place to offer "Sign in" in the header.
    leaving: ({ href }) =>
      render('leaving', { title: 'Signing out', header: { refreshHref: href } }),
    signedOut: () => render('signed-out', { title: 'You are signed out' }),
    error: (model) => render('error', { title: model.title, viewer: model.viewer, page: model }),
  };
}

const withReturn = (path: string, returnTo: string) =>
  `${path}?return_to=${encodeURIComponent(returnTo)}`;

/** Links to the policies that are configured; each leads back to the page it is on. */
function policyLinks({ editProfile, resetPassword }: Site['paths'], here: string) {
  return {
    editProfileHref: editProfile && withReturn(editProfile, here),
    resetPasswordHref: resetPassword && withReturn(resetPassword, here),
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
  const isTime =
    TIME_CLAIMS.has(name) && typeof value === 'number' && Math.abs(value) <= LAST_SECOND;
  const isText = typeof value === 'string';
  return {
    name,
    value: isText ? value : JSON.stringify(value),
    isText,
    meaning: TOKEN_CLAIMS.get(name),
    ...(isTime ? timeOf(new Date(value * 1000)) : {}),
  };
}

function timeOf(moment: Date): { time: string; timeText: string } {
  // "Sun, 22 Nov 2026 09:06:12 GMT": ECMAScript fixes this form, whatever the locale of the server.
  const [, day, month, year, time] = moment.toUTCString().split(' ');
  return { time: moment.toISOString(), timeText: `${Number(day)} ${month} ${year}, ${time} UTC` };
}
