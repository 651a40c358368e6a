import type { SignInErrorCode } from '../errors.ts';
import { groupClaims } from './claim-rows.ts';
import type { ErrorPage } from './error-page.ts';
import type { Language } from './languages.ts';
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
  additionalPolicies: { href: string; label: string }[];
  /** The ways in at further tenants, for those who are not signed in. */
  additionalTenants?: { href: string; label: string }[];
  /** What has to be registered in the Azure portal; shown only where nobody but its developer looks. */
  registration?: { redirectUris: string[]; postSignOutUri: string } | undefined;
  /** The optional script of pages with times. */
  script?: { path: string; integrity: string } | undefined;
  /** Shown on every page of the demo, so that nobody takes it for the real thing. */
  demo?: { tenantUrl: string; accounts: { email: string; password: string }[] } | undefined;
}

/** The signed-in person, as pages show them. */
export interface Viewer {
  /** Absent where the provider gave no name of any kind. */
  name?: string | undefined;
  email?: string | undefined;
}

export interface ErrorModel {
  viewer?: Viewer | undefined;
  code: SignInErrorCode;
  /** The way on: to the start page, or to begin again what failed. */
  link: { href: string; next: ErrorPage['next'] };
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
  cause?: string | undefined;
  fix?: string | undefined;
  /** Where in the portal. */
  portal?: string | undefined;
}

/** A session of the person who looks at it. */
export interface SessionModel {
  name: string;
  /** "Firefox (Windows)"; empty where it is unknown. */
  browser: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Whether it is the one of the browser that asks. */
  isCurrent: boolean;
}

/** The session of somebody who is signed in. */
export interface SessionDetails {
  /** Where the person's account is: of another provider, or the tenant's own host. */
  identityProvider?: string | undefined;
  /** The user flow or custom policy that signed the person in. */
  policy?: string | undefined;
  /** Epoch milliseconds. */
  startedAt: number;
  /** When it ends unless it is used before. */
  endsAt: number;
}

/** Every page in one language. */
export interface Pages {
  /** Names and values in turn: the headers that belong to each of these pages. */
  headers: readonly string[];
  status(model: { viewer?: Viewer | undefined; session?: SessionDetails | undefined }): string;
  tokenDetails(model: { viewer: Viewer; claims: Record<string, unknown> }): string;
  /** Where somebody is signed in; its forms post the name of the session to end. */
  sessions(model: { viewer: Viewer; sessions: SessionModel[] }): string;
  /** The 401 page; signing in from it leads to `returnTo`. */
  unauthorized(model: { returnTo: string }): string;
  /** Asks before signing out; its form posts to the sign-out route. */
  signOut(model: { viewer: Viewer }): string;
  /** Signed out here; leads the browser on to end the session at the provider too. */
  signingOut(model: { href: string }): string;
  signedOut(): string;
  error(model: ErrorModel): string;
}

interface PageData {
  title: string;
  viewer?: Viewer | undefined;
  /** Whether there are times on the page, which the script writes in the zone of whoever reads. */
  hasTimes?: boolean;
  /** What only this page's template needs. */
  page?: object;
  header?: {
    /** Where "Sign in" leads; without it there is no such button. */
    signInHref?: string | undefined;
    /** Where the page goes on to by itself. */
    refreshHref?: string;
  };
}

/**
 * Every page of the application as a function of its data. With `uiLocales`, a language that was asked
 * for by name, every link asks for it again.
 */
export function createPages(
  templates: Templates,
  baseSite: Site,
  { language, uiLocales }: { language: Language; uiLocales?: string | undefined },
): Pages {
  const { texts, tag, direction } = language;
  const addLocales = (href: string) => (uiLocales ? withLocales(href, uiLocales) : href);
  const site = withLocalesEverywhere(baseSite, addLocales);
  const { paths, demo } = site;
  const dashboardHref = demo && new URL('/_emulator/', demo.tenantUrl).href;
  const defaults = { signInHref: withReturn(paths.signIn, paths.home) };
  const homeLinks = policyLinks(paths, paths.home);
  const claimsLinks = policyLinks(paths, paths.tokenDetails);
  const additionalTenants = (here: string) =>
    (site.additionalTenants ?? []).map(({ href, label }) => ({
      href: withReturn(href, here),
      label,
    }));
  const render = (name: string, data: PageData) => {
    const { title, viewer, hasTimes = false, page = {}, header = defaults } = data;
    const { signInHref, refreshHref }: NonNullable<PageData['header']> = header;
    // Member by member: to spread these objects together would cost more than all the rendering.
    const it = {
      site,
      texts,
      tag,
      direction,
      title,
      viewer: viewer && named(viewer, texts.layout.unnamed),
      signInHref,
      refreshHref,
      dashboardHref,
      hasTimes,
      page,
    };
    return templates.renderPage(name, it);
  };
  // The same for everybody, so it is rendered once.
  let signedOutStatus: string | undefined;
  return {
    headers: ['Content-Language', tag],
    status({ viewer, session }) {
      if (viewer) {
        const { editProfileHref, resetPasswordHref } = homeLinks;
        return render('status', {
          title: texts.status.titleSignedIn,
          viewer,
          hasTimes: true,
          page: {
            editProfileHref,
            resetPasswordHref,
            session: session && shownSession(session, language),
          },
        });
      }
      signedOutStatus ??= render('status', {
        title: texts.status.titleSignedOut,
        page: { ...homeLinks, additionalTenants: additionalTenants(paths.home) },
      });
      return signedOutStatus;
    },
    tokenDetails: ({ viewer, claims }) =>
      render('token-details', {
        title: texts.tokenDetails.title,
        viewer,
        hasTimes: true,
        page: {
          ...claimsLinks,
          ...groupClaims(claims, language),
          json: JSON.stringify(claims, null, 2),
        },
      }),
    sessions: ({ viewer, sessions }) =>
      render('sessions', {
        title: texts.sessions.title,
        viewer,
        hasTimes: true,
        page: {
          sessions: sessions.map(({ startedAt, browser, ...rest }) => ({
            ...rest,
            browser: browser || texts.sessions.unknownBrowser,
            ...language.minuteOf(startedAt),
          })),
        },
      }),
    unauthorized({ returnTo }) {
      const here = addLocales(returnTo);
      return render('unauthorized', {
        title: texts.unauthorized.title,
        header: { signInHref: withReturn(paths.signIn, here) },
        page: { additionalTenants: additionalTenants(here) },
      });
    },
    signOut: ({ viewer }) => render('sign-out', { title: texts.signOut.title, viewer }),
    // Half-way through signing out is no place to offer "Sign in" in the header.
    signingOut: ({ href }) =>
      render('signing-out', { title: texts.signingOut.title, header: { refreshHref: href } }),
    signedOut: () => render('signed-out', { title: texts.signedOut.title }),
    error({ viewer, code, link, correlationId, providerCorrelationId, developer }) {
      const { title, advice } = texts.errors[code];
      const { href, next } = link;
      const page = {
        advice,
        link: { href: addLocales(href), text: texts.error[next] },
        correlationId,
        providerCorrelationId,
        developer,
      };
      return render('error', { title, viewer, page });
    },
  };
}

function shownSession(session: SessionDetails, language: Language) {
  const { identityProvider, policy, startedAt, endsAt } = session;
  const { minuteOf } = language;
  return { identityProvider, policy, since: minuteOf(startedAt), until: minuteOf(endsAt) };
}

const withReturn = (path: string, returnTo: string) => withParameter(path, 'return_to', returnTo);

const withParameter = (path: string, name: string, value: string) =>
  `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;

function withLocales(href: string, uiLocales: string): string {
  return href.includes('ui_locales=') ? href : withParameter(href, 'ui_locales', uiLocales);
}

const named = (viewer: Viewer, unnamed: string): Viewer =>
  viewer.name === undefined ? { ...viewer, name: unnamed } : viewer;

/** The site with its links as `carry` makes them; files are the same for every language. */
function withLocalesEverywhere(site: Site, addLocales: (href: string) => string): Site {
  const { styleSheet, favicon, ...pages } = site.paths;
  const carried = Object.entries(pages).map(([name, href]) => [name, href && addLocales(href)]);
  const all = (links: Site['additionalPolicies']) =>
    links.map(({ href, label }) => ({ href: addLocales(href), label }));
  return {
    ...site,
    paths: { ...(Object.fromEntries(carried) as typeof pages), styleSheet, favicon },
    additionalPolicies: all(site.additionalPolicies),
    additionalTenants: all(site.additionalTenants ?? []),
  };
}

/** Links to the policies that are configured; each leads back to the page it is on. */
function policyLinks({ editProfile, resetPassword }: Site['paths'], here: string) {
  return {
    editProfileHref: editProfile && withReturn(editProfile, here),
    resetPasswordHref: resetPassword && withReturn(resetPassword, here),
  };
}
