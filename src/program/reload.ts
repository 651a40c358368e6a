import { createSecureContext } from 'node:tls';
import type { Config } from '../config/config.ts';
import { SignInError } from '../errors.ts';

/** Why a running server cannot load another configuration: one sentence for each setting. */
export function reloadErrors(running: Config, next: Config): string[] {
  const changed = NEED_RESTART.filter(
    ([, select]) => JSON.stringify(select(running)) !== JSON.stringify(select(next)),
  );
  return [
    ...changed.map(([setting]) => `${setting}: a change needs a restart`),
    ...keyPairErrors(next),
  ];
}

const NEED_RESTART: [setting: string, select: (config: Config) => unknown][] = [
  ['listen.host', ({ listen }) => listen.host],
  ['listen.port', ({ listen }) => listen.port],
  ['listen.tls', ({ listen }) => listen.tls !== undefined],
  // Cookies have other names with HTTPS and with a domain: all users would be signed out.
  ['baseUrl', ({ baseUrl }) => baseUrl.protocol],
  ['gate.cookieDomain', ({ gate }) => gate?.cookieDomain],
  ['operations', ({ operations }) => operations],
  ['session.store', ({ session: { store } }) => (store.kind === 'memory' ? store : store.kind)],
];

/** Checks that certificate and key match, before a connection needs them. */
export function keyPairErrors({ listen: { tls } }: Config): string[] {
  try {
    if (tls) createSecureContext(tls);
    return [];
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    return [`listen.tls: certificate and key do not match (${code})`];
  }
}

/** @throws SignInError `config_invalid` with all errors, if there are any */
export function rejectErrors(errors: readonly string[]): void {
  if (errors.length > 0) throw new SignInError('config_invalid', errors.join('\n'));
}
