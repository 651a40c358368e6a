import { UNNAMED, type User } from '../oidc/claims.ts';
import type { SessionDetails, Viewer } from '../pages/render.ts';
import type { CurrentSession } from '../visitor/browser-sessions.ts';

/** How pages show a user. */
export const toViewer = (user: User): Viewer =>
  user.name === UNNAMED ? { email: user.email } : user;

// Of other tenants `acr` says how somebody signed in, if anything.
const B2C_POLICY = /^b2c_1a?_/i;
const HOST = /^https?:\/\/([^/:]+)/;

/** What the status page says of somebody, and of nobody. */
export const toStatusModel = (visitor: CurrentSession | undefined) =>
  visitor ? { viewer: toViewer(visitor.user), session: sessionDetailsOf(visitor) } : {};

function sessionDetailsOf(visitor: CurrentSession): SessionDetails {
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
