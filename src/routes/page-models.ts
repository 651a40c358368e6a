import { UNNAMED, type User } from '../oidc/claims.ts';
import type { SessionDetails, Viewer } from '../pages/render.ts';
import type { CurrentSession } from '../visitor/browser-sessions.ts';

/** How pages show a user. */
export const toViewer = (user: User): Viewer =>
  user.name === UNNAMED ? { email: user.email } : user;

// At other tenants, `acr` is the kind of authentication and not a policy.
const B2C_POLICY = /^b2c_1a?_/i;
const HOST = /^https?:\/\/([^/:]+)/;

/** The model of the status page, for a signed-in user or a visitor. */
export const toStatusModel = (visitor: CurrentSession | undefined) =>
  visitor ? { viewer: toViewer(visitor.user), session: toSessionDetails(visitor) } : {};

function toSessionDetails(visitor: CurrentSession): SessionDetails {
  const { user, startedAt, idleExpiresAt } = visitor;
  const { idp, iss, tfp, acr } = user.claims;
  return {
    identityProvider: isNonEmptyString(idp) ? idp : HOST.exec(String(iss))?.[1],
    policy: [tfp, acr].find((claim) => isNonEmptyString(claim) && B2C_POLICY.test(claim)) as
      | string
      | undefined,
    startedAt,
    endsAt: idleExpiresAt,
  };
}

const isNonEmptyString = (value: unknown): value is string =>
  typeof value === 'string' && value !== '';
