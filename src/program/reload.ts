import { createSecureContext } from 'node:tls';
import type { Config } from '../config/config.ts';
import { invalidConfig } from '../config/issues.ts';
import type { ConfigIssue } from '../errors.ts';

/** Finds the changes that a reload cannot apply. */
export function reloadErrors(running: Config, next: Config): ConfigIssue[] {
  const changed = NEED_RESTART.filter(
    ([, select]) => JSON.stringify(select(running)) !== JSON.stringify(select(next)),
  );
  return [
    ...changed.map(([setting]) => settingIssue(setting, 'a change requires a restart')),
    ...keyPairErrors(next),
  ];
}

const NEED_RESTART: [setting: string, select: (config: Config) => unknown][] = [
  ['listen.host', ({ listen }) => listen.host],
  ['listen.port', ({ listen }) => listen.port],
  ['listen.tls', ({ listen }) => listen.tls !== undefined],
  // Cookies have other names on HTTPS and with a domain: all users would be signed out.
  ['baseUrl', ({ baseUrl }) => baseUrl.protocol],
  ['gate.cookieDomain', ({ gate }) => gate?.cookieDomain],
  ['operations', ({ operations }) => operations],
  ['session.store', ({ session: { store } }) => (store.kind === 'memory' ? store : store.kind)],
];

/** Finds a certificate that does not match its key, before it is used. */
export function keyPairErrors({ listen: { tls } }: Config): ConfigIssue[] {
  try {
    if (tls) createSecureContext(tls);
    return [];
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    return [settingIssue('listen.tls', `the key does not match the certificate (${code})`)];
  }
}

/** An issue that does not come from the parser, but from using the configuration. */
export const settingIssue = (setting: string, problem: string): ConfigIssue => ({
  setting,
  path: setting.split('.'),
  problem,
});

/** @throws SignInError `config_invalid` if there are issues */
export function requireNoIssues(issues: readonly ConfigIssue[]): void {
  if (issues.length > 0) throw invalidConfig(issues);
}
