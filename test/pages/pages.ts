import { fileURLToPath } from 'node:url';
import { type Language, loadLanguages } from '../../dist/pages/languages.js';
import { createPages, type Pages, type Site } from '../../dist/pages/render.js';
import { loadTemplates } from '../../dist/pages/templates.js';

export const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));

/** A site with required members only. */
export const bareSite: Site = {
  name: 'b2c-signin',
  paths: {
    home: '/',
    tokenDetails: '/auth/token_details',
    signIn: '/auth/sign_in',
    signOut: '/auth/sign_out',
    sessions: '/auth/sessions',
    styleSheet: '/auth/assets/style-1.css',
  },
  additionalPolicies: [],
};

/** A site with all members. */
export const fullSite: Site = {
  ...bareSite,
  paths: {
    ...bareSite.paths,
    favicon: '/auth/assets/favicon-1.svg',
    editProfile: '/auth/edit_profile',
    resetPassword: '/auth/reset_password',
  },
  additionalPolicies: [{ href: '/auth/policy/mfa', label: 'Second factor' }],
  additionalTenants: [{ href: '/auth/tenant/external/sign_in', label: 'Guests' }],
  registration: {
    redirectUris: [
      'http://localhost:3000/auth/redirect',
      'http://localhost:3000/auth/tenant/external/redirect',
    ],
    postSignOutUri: 'http://localhost:3000/auth/post_sign_out',
  },
  script: { path: '/auth/assets/page-1.js', integrity: 'sha256-x' },
};

export const demoSite: Site = {
  ...fullSite,
  name: 'Fabrikam <Shop>',
  paths: { ...fullSite.paths, logo: '/auth/assets/logo-1.svg' },
  demo: {
    tenantUrl: 'http://127.0.0.1:3001',
    accounts: [
      { email: 'alice@example.com', password: 'Pass@word1' },
      { email: 'bob@example.com', password: 'Pass@word2' },
    ],
  },
};

export const languages = loadLanguages([TEMPLATES]);

export function languageOf(tag: string): Language {
  const language = languages.find((one) => one.tag === tag);
  if (!language) throw new Error(`no language ${tag}`);
  return language;
}

export const english = languageOf('en');

export const pagesOf = (site: Site, language = english, uiLocales?: string): Pages =>
  createPages(loadTemplates([TEMPLATES]), site, { language, uiLocales });

export const alice = { name: 'Alice', email: 'alice@example.com' };

export const endSessionAddress = 'https://b2c.example/logout?state=a&client_id="b"';

/** Every page by name, with required members of its model only. */
export function everyPage(site: Site, language = english): [name: string, html: string][] {
  const pages = pagesOf(site, language);
  const viewer = { name: 'Alice' };
  return Object.entries({
    'status page of a visitor': pages.status({}),
    'status page of a signed-in user': pages.status({ viewer }),
    'status page with a session': pages.status({
      viewer,
      session: { isLocalAccount: true, policy: 'B2C_1_susi', startedAt: 0, endsAt: 1 },
    }),
    'claims page': pages.tokenDetails({ viewer, claims: {} }),
    'sessions page': pages.sessions({
      viewer,
      sessions: [
        { name: 'a1', browser: 'Firefox (Windows)', startedAt: 0, isCurrent: true },
        { name: 'b2', browser: 'Safari (iPhone)', startedAt: 1, isCurrent: false },
      ],
    }),
    '401 page': pages.unauthorized({ returnTo: '/' }),
    'sign-out page': pages.signOut({ viewer }),
    'signing-out page': pages.signingOut({ href: endSessionAddress }),
    'signed-out page': pages.signedOut(),
    'error page': pages.error({
      code: 'provider_unreachable',
      link: { href: '/', next: 'home' },
      correlationId: 'id-1',
    }),
  });
}
