import type { GateConfig } from '../config/gate.ts';
import type { OriginalRequest } from '../http/original-request.ts';
import type { HeaderList } from '../http/security-headers.ts';
import type { User } from '../oidc/claims.ts';
import { type Assertions, createAssertions } from './assertion.ts';
import { createDecide, type Decide } from './decision.ts';
import { createIdentityHeaders } from './identity-headers.ts';

/** Decides whether a reverse proxy may forward a request, and describes the user to the application. */
export interface Gate {
  decide: Decide;
  /** The identity headers; a promise only if an assertion has to be signed. */
  identityHeaders(
    user: User | undefined,
    original: OriginalRequest,
  ): HeaderList | Promise<HeaderList>;
  /** The public keys of the assertions, if assertions are enabled. */
  keySet: Assertions['keySet'] | undefined;
}

export function createGate(
  config: GateConfig,
  options: {
    secrets: readonly string[];
    issuer: string;
    /** Whether sign-in redirects back to a host. */
    isKnownHost: (host: string) => boolean;
    now: () => number;
  },
): Gate {
  const { groupsClaim } = config;
  const headersFor = createIdentityHeaders(config);
  const assertions = config.assertion ? createAssertions({ ...options, groupsClaim }) : undefined;

  return {
    decide: createDecide(config),
    identityHeaders(user, original) {
      const headers = headersFor(user);
      if (!assertions || !user) return headers;
      const audience = original.kind === 'known' ? original.host : undefined;
      // No assertion without a known host: it could be replayed at any application.
      return audience === undefined || !options.isKnownHost(audience)
        ? headers
        : assertions.sign(user, audience).then((assertion) => withAssertion(headers, assertion));
    },
    keySet: assertions?.keySet,
  };
}

// The value of the last header is empty until there is an assertion.
const withAssertion = (headers: HeaderList, assertion: string): HeaderList => [
  ...headers.slice(0, -1),
  assertion,
];
