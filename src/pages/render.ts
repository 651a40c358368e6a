import type { SignInErrorCode } from '../errors.ts';
import { groupClaims } from './claim-rows.ts';
import type { Language } from './languages.ts';
import type { Templates } from './templates.ts';

/** Links and settings that all pages of an application share. */
export interface Site {
  name: string;
  paths: {
    home: string;
    tokenDetails: string;
    signIn: string;
    signOut: string;
    sessions: string;
    /** Present when the policy is configured; otherwise no page links to it. */
    editProfile?: string | undefined;
    resetPassword?: string | undefined;
    styleSheet: string;
    favicon?: string | undefined;
    /** The logo of the site, which replaces the built-in one and the icon. */
    logo?: string | undefined;
  };
  /** Links to additional policies that have a label, for signed-in users. */
  additionalPolicies: { href: string; label: string }[];
  /** Sign-in links of additional tenants, for visitors. */
  additionalTenants?: { href: string; label: string }[];
  /** URIs to register in the Azure portal; shown only while the site runs on localhost. */
  registration?: { redirectUris: string[]; postSignOutUri: string } | undefined;
  /** The optional script, loaded by pages that show times. */
  script?: { path: string; integrity: string } | undefined;
  /** Shown on every page of the demo, so that users can tell it from a real site. */
  demo?: { tenantUrl: string; accounts: { email: string; password: string }[] } | undefined;
}

/** The signed-in user, as pages show them. */
export interface Viewer {
  /** Absent if the provider gave no kind of name. */
  name?: string | undefined;
  email?: string | undefined;
}

export interface ErrorModel {
  viewer?: Viewer | undefined;
  code: SignInErrorCode;
  /** The one link of the page: to the start page, or to a new sign-in. */
  link: { href: string; next: 'home' | 'signIn' };
  correlationId: string;
  /** The correlation ID of Azure AD B2C, for Microsoft support. */
  providerCorrelationId?: string | undefined;
  /** For developers: only in the demo and at log level debug. */
  developer?: DeveloperModel | undefined;
}

/** The log's detail of an error, and the meaning of its code. */
export interface DeveloperModel {
  code: string;
  detail: string;
  /** A code such as `AADB2C90273`; never the provider's text. */
  providerCode?: string | undefined;
  /** The OAuth error, or the name that a custom policy gave its error. */
  providerError?: string | undefined;
  cause?: string | undefined;
  fix?: string | undefined;
  /** The path to the page in the portal. */
  portal?: string | undefined;
}

/** One of the user's sessions. */
export interface SessionModel {
  name: string;
  /** Such as "Firefox (Windows)"; empty if unknown. */
  browser: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Whether it is the session of this browser. */
  isCurrent: boolean;
}

/** The session of the signed-in user. */
export interface SessionDetails {
  /** Whether the account is a local account of a B2C tenant. */
  isLocalAccount: boolean;
  /** The provider of any other account as users know it, such as "Google", or the host of the tenant. */
  identityProvider?: string | undefined;
  /** The user flow or custom policy that signed the user in. */
  policy?: string | undefined;
  /** Epoch milliseconds. */
  startedAt: number;
  /** The end of the idle timeout, in epoch milliseconds. */
  endsAt: number;
}

/** Every page in one language. */
export interface Pages {
  /** Headers of each page, as alternating names and values. */
  headers: readonly string[];
  status(model: { viewer?: Viewer | undefined; session?: SessionDetails | undefined }): string;
  tokenDetails(model: { viewer: Viewer; claims: Record<string, unknown> }): string;
  /** The user's sessions; its forms post the name of the session to end. */
  sessions(model: { viewer: Viewer; sessions: SessionModel[] }): string;
  /** The 401 page; after sign-in, the browser returns to `returnTo`. */
  unauthorized(model: { returnTo: string }): string;
  /** Asks for confirmation; its form posts to the sign-out route. */
  signOut(model: { viewer: Viewer }): string;
  /** Signed out here; redirects the browser to the provider's end-session endpoint. */
  signingOut(model: { href: string }): string;
  signedOut(): string;
  error(model: ErrorModel): string;
}

interface PageData {
  title: string;
  viewer?: Viewer | undefined;
  /** Whether the page shows times, which the script converts to the user's time zone. */
  hasTimes?: boolean;
  /** Data for the template of this page only. */
  page?: object;
  header?: {
    /** The link of the "Sign in" button; without it there is no button. */
    signInHref?: string | undefined;
    /** The URL that the page redirects to by itself. */
    refreshHref?: string;
  };
}

/**
 * Creates every page of the application as a function of its data. With `uiLocales`, the language that the
 * request named, every link names it again.
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
    // Member by member: spreading these objects would cost more than all the rendering.
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
  // It is the same for all visitors, so it is rendered once.
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
    // No "Sign in" button in the header while the browser is still signing out.
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
  const { isLocalAccount, identityProvider, policy, startedAt, endsAt } = session;
  const [since, until] = [language.minuteOf(startedAt), language.minuteOf(endsAt)];
  return { isLocalAccount, identityProvider, policy, since, until };
}

const withReturn = (path: string, returnTo: string) => withParameter(path, 'return_to', returnTo);

const withParameter = (path: string, name: string, value: string) =>
  `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;

function withLocales(href: string, uiLocales: string): string {
  return href.includes('ui_locales=') ? href : withParameter(href, 'ui_locales', uiLocales);
}

const named = (viewer: Viewer, unnamed: string): Viewer =>
  viewer.name === undefined ? { ...viewer, name: unnamed } : viewer;

/** The site with `addLocales` applied to its links; files are the same for every language. */
function withLocalesEverywhere(site: Site, addLocales: (href: string) => string): Site {
  const { styleSheet, favicon, logo, ...pages } = site.paths;
  const localized = Object.entries(pages).map(([name, href]) => [name, href && addLocales(href)]);
  const all = (links: Site['additionalPolicies']) =>
    links.map(({ href, label }) => ({ href: addLocales(href), label }));
  return {
    ...site,
    paths: { ...(Object.fromEntries(localized) as typeof pages), styleSheet, favicon, logo },
    additionalPolicies: all(site.additionalPolicies),
    additionalTenants: all(site.additionalTenants ?? []),
  };
}

/** Links to the configured policies; each returns to the page that shows it. */
function policyLinks({ editProfile, resetPassword }: Site['paths'], here: string) {
  return {
    editProfileHref: editProfile && withReturn(editProfile, here),
    resetPasswordHref: resetPassword && withReturn(resetPassword, here),
  };
}
