import type { GateConfig } from '../config/gate.ts';
import { SignInError } from '../errors.ts';
import { ambiguousRequest, type OriginalRequest } from '../http/original-request.ts';
import type { HeaderList } from '../http/security-headers.ts';
import { hasClaims, type User } from '../oidc/claims.ts';
import { type Assertions, createAssertions } from './assertion.ts';
import { createIdentityHeaders } from './identity-headers.ts';
import { createFindRule } from './rules.ts';

/** Decides what a reverse proxy may let through, and says who it is. */
export interface Gate {
  /**
   * Whether somebody may pass; `false` for whoever has to sign in first. What the proxy says is asked for
   * only where something depends on it.
   * @throws SignInError `not_allowed`, `original_request_ambiguous`
   */
  admits(user: User | undefined, original: AskForOriginal): boolean;
  /** What the application is told; a promise only where a statement has to be signed. */
  identityOf(user: User | undefined, original: AskForOriginal): HeaderList | Promise<HeaderList>;
  /** The keys of those statements, where they are switched on. */
  keySet: Assertions['keySet'] | undefined;
}

type AskForOriginal = () => OriginalRequest | undefined;

export function createGate(
  config: GateConfig,
  given: {
    secrets: readonly string[];
    issuer: string;
    /** Whether a host is one of those that people are led back to. */
    isKnownHost: (host: string) => boolean;
    now: () => number;
  },
): Gate {
  const { rules, groupsClaim } = config;
  const findRule = createFindRule(rules);
  const headersOf = createIdentityHeaders(config);
  const assertions = config.assertion ? createAssertions({ ...given, groupsClaim }) : undefined;

  return {
    admits(user, original) {
      if (rules.length === 0) return user !== undefined;
      const { uri } = original() ?? {};
      if (uri === undefined)
        throw ambiguousRequest('there are rules, and no trusted proxy names a path');
      const { allow, claims } = findRule(uri);
      if (allow === 'everyone') return true;
      if (!user) return false;
      if (claims && !hasClaims(user, claims)) {
        throw new SignInError(
          'not_allowed',
          'a claim that the rule asks for has none of its values',
        );
      }
      return true;
    },
    identityOf(user, original) {
      const headers = headersOf(user);
      if (!assertions || !user) return headers;
      const audience = original()?.host;
      // Without an audience it could be used anywhere, and with one of the client's choice at an application
      // that has not asked.
      return audience === undefined || !given.isKnownHost(audience)
        ? headers
        : assertions.of(user, audience).then(withLast(headers));
    },
    keySet: assertions?.keySet,
  };
}

// The statement is the last of the identity headers, empty until there is one.
const withLast =
  (headers: HeaderList) =>
  (value: string): HeaderList => [...headers.slice(0, -1), value];
