import { createSecureContext } from 'node:tls';
import type { Config } from '../config/config.ts';
import { SignInError } from '../errors.ts';

/** What a running program cannot take up of another configuration, a sentence for each setting. */
export function reloadErrors(running: Config, next: Config): string[] {
  const changed = NEED_RESTART.filter(
    ([, partOf]) => JSON.stringify(partOf(running)) !== JSON.stringify(partOf(next)),
  );
  return [
    ...changed.map(([setting]) => `${setting}: a change of it needs a restart`),
    ...keyPairFaults(next),
  ];
}

const NEED_RESTART: [setting: string, partOf: (config: Config) => unknown][] = [
  ['listen.host', ({ listen }) => listen.host],
  ['listen.port', ({ listen }) => listen.port],
  ['listen.tls', ({ listen }) => listen.tls !== undefined],
  // Cookies have other names on https, and with a domain: everybody would be signed out.
  ['baseUrl', ({ baseUrl }) => baseUrl.protocol],
  ['gate.cookieDomain', ({ gate }) => gate?.cookieDomain],
  ['operations', ({ operations }) => operations],
  ['session.store', ({ session: { store } }) => (store.kind === 'memory' ? store : store.kind)],
];

/** A certificate without its key is found out when it is used, which must not be too late. */
export function keyPairFaults({ listen: { tls } }: Config): string[] {
  try {
    if (tls) createSecureContext(tls);
    return [];
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    return [`listen.tls: certificate and key do not go together (${code})`];
  }
}

/** @throws SignInError `config_invalid` with all of them, when there are any */
export function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new SignInError('config_invalid', faults.join('\n'));
}
