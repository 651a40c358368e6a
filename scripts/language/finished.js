/**
 * Documents that are checked: for refused words and for the bounds of measures.js. Add a document when
 * it is rewritten; name others on the command line to check them.
 */
export const FINISHED = [
  'README.md',
  'docs/README.md',
  'docs/api.md',
  'docs/azure-registration.md',
  'docs/containers.md',
  'docs/customize-pages.md',
  'docs/faq.md',
  'docs/first-protected-app.md',
  'docs/first-sign-in.md',
  'docs/first-test.md',
  'docs/forward-auth.md',
  'docs/frameworks.md',
  'docs/gate-headers.md',
  'docs/gate-security.md',
  'docs/how-sign-in-works.md',
  'docs/middleware.md',
  'docs/migrate-to-external-id.md',
  'docs/migrate.md',
  'docs/migrate/express-openid-connect.md',
  'docs/migrate/msal-node.md',
  'docs/migrate/oauth2-proxy.md',
  'docs/migrate/passport-azure-ad.md',
  'docs/migrate/python-sample.md',
  'docs/templates.md',
  'docs/troubleshooting.md',
];
