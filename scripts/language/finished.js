/**
 * Documents that are checked: for refused words and for the bounds of measures.js. Add a document when
 * it is rewritten; name others on the command line to check them.
 */
export const FINISHED = [
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/architecture.md',
  'docs/capacity.md',
  'docs/configuration.md',
  'docs/deploy.md',
  'docs/doctor.md',
  'docs/errors.md',
  'docs/monitor.md',
  'docs/reload-and-shutdown.md',
  'docs/rotate-secrets.md',
  'docs/scale-out.md',
  'docs/security/advisories.md',
  'docs/security/asvs.md',
  'docs/security/design.md',
  'docs/security/limits.md',
  'docs/upgrading.md',
];
