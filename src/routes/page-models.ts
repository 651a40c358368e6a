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
  const policy = [tfp, acr].find(
    (claim): claim is string => isNonEmptyString(claim) && B2C_POLICY.test(claim),
  );
  // B2C sends no `idp` for a local account.
  const isLocalAccount = policy !== undefined && (!isNonEmptyString(idp) || idp === 'LocalAccount');
  return {
    isLocalAccount,
    identityProvider: isLocalAccount ? undefined : findProvider(idp, iss),
    policy,
    startedAt,
    endsAt: idleExpiresAt,
  };
}

/** The value of `idp` at B2C's built-in identity providers, and the name that users know. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  'amazon.com': 'Amazon',
  'apple.com': 'Apple',
  'appleid.apple.com': 'Apple',
  'facebook.com': 'Facebook',
  'github.com': 'GitHub',
  'google.com': 'Google',
  'linkedin.com': 'LinkedIn',
  'live.com': 'Microsoft',
  'microsoft.com': 'Microsoft',
  'qq.com': 'QQ',
  'twitter.com': 'X (Twitter)',
  'wechat.com': 'WeChat',
  'weibo.com': 'Weibo',
};

function findProvider(idp: unknown, iss: unknown): string | undefined {
  return isNonEmptyString(idp) ? toProviderName(idp) : HOST.exec(String(iss))?.[1];
}

function toProviderName(idp: string): string {
  const host = (HOST.exec(idp)?.[1] ?? idp).toLowerCase();
  const name = host.replace(/^(?:www|accounts)\./, '');
  return Object.hasOwn(PROVIDER_NAMES, name) ? (PROVIDER_NAMES[name] ?? idp) : idp;
}

const isNonEmptyString = (value: unknown): value is string =>
  typeof value === 'string' && value !== '';
