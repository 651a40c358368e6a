import type { GateConfig } from '../config/gate.ts';
import type { KnownRequest, OriginalRequest } from '../http/original-request.ts';
import type { HeaderList } from '../http/security-headers.ts';
import type { User } from '../oidc/claims.ts';
import { type AssertedRequest, type Assertions, createAssertions } from './assertion.ts';
import { createDecide, type Decide } from './decision.ts';
import { createFindHeaderAlias, type FindHeaderAlias } from './header-aliases.ts';
import { createIdentityHeaders } from './identity-headers.ts';

/** Decides whether a reverse proxy may forward a request, and describes the user to the application. */
export interface Gate {
  decide: Decide;
  /** Finds an identity header in another spelling, which an application could read as the header. */
  findHeaderAlias: FindHeaderAlias;
  /** The identity headers; a promise only if an assertion has to be signed. */
  identityHeaders(
    user: User | undefined,
    original: OriginalRequest,
  ): HeaderList | Promise<HeaderList>;
  /** Whether a decision about a signed-in user depends on the original request. */
  readsOriginalRequest: boolean;
  /** Whether the original path may follow the path of the gate, as Envoy sends it. */
  acceptsEnvoy: boolean;
  /** The scopes of the access token in responses, empty for those of the sign-in; `undefined` without one. */
  accessTokenScopes: readonly string[] | undefined;
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
  const isKnownHost = (request: KnownRequest): request is KnownRequest & AssertedRequest =>
    request.host !== undefined && options.isKnownHost(request.host);
  const assertions = config.assertion ? createAssertions({ ...options, groupsClaim }) : undefined;

  return {
    decide: createDecide(config, options.now),
    findHeaderAlias: createFindHeaderAlias(Object.keys(config.headers)),
    identityHeaders(user, original) {
      const headers = headersFor(user);
      if (!assertions || !user) return headers;
      // No assertion without a known host: it could be replayed at any application.
      if (original.kind !== 'known' || !isKnownHost(original)) return headers;
      const signed = assertions.sign(user, original);
      return signed?.then((assertion) => withAssertion(headers, assertion)) ?? headers;
    },
    readsOriginalRequest:
      config.rules.length > 0 || config.assertion || config.accessToken !== false,
    acceptsEnvoy: config.envoy,
    accessTokenScopes: toScopes(config.accessToken),
    keySet: assertions?.keySet,
  };
}

const toScopes = (setting: GateConfig['accessToken']): readonly string[] | undefined =>
  setting === true ? [] : setting || undefined;

// The value of the last header is empty until there is an assertion.
const withAssertion = (headers: HeaderList, assertion: string): HeaderList => [
  ...headers.slice(0, -1),
  assertion,
];
