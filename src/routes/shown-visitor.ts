import { UNNAMED, type User } from '../oidc/claims.ts';
import type { SessionDetails, Viewer } from '../pages/render.ts';
import type { CurrentVisitor } from '../visitor/signed-in.ts';

/** How pages show a user. */
export const viewerOf = (user: User): Viewer =>
  user.name === UNNAMED ? { email: user.email } : user;

// Of other tenants `acr` says how somebody signed in, if anything.
const B2C_POLICY = /^b2c_1a?_/i;
const HOST = /^https?:\/\/([^/:]+)/;

/** What the status page says of somebody, and of nobody. */
export const statusModelOf = (visitor: CurrentVisitor | undefined) =>
  visitor ? { viewer: viewerOf(visitor.user), session: sessionDetailsOf(visitor) } : {};

function sessionDetailsOf(visitor: CurrentVisitor): SessionDetails {
  const { user, startedAt, idleExpiresAt } = visitor;
  const { idp, iss, tfp, acr } = user.claims;
  return {
    identityProvider: isText(idp) ? idp : HOST.exec(String(iss))?.[1],
    policy: [tfp, acr].find((claim) => isText(claim) && B2C_POLICY.test(claim)) as
      | string
      | undefined,
    startedAt,
    endsAt: idleExpiresAt,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
