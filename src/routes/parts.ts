import type { IncomingMessage } from 'node:http';
import type { Paths } from '../config/paths.ts';
import type { Gate } from '../gate/gate.ts';
import { HOME } from '../http/local-path.ts';
import type { OriginalHostOf, OriginalRequestOf } from '../http/original-request.ts';
import { queryOf, singleValue } from '../http/request.ts';
import type { Responder } from '../http/response.ts';
import type { ParseReturnTarget, ReturnTarget } from '../http/return-target.ts';
import type { Log } from '../log.ts';
import type { RelyingParty } from '../oidc/relying-party.ts';
import type { Pages } from '../pages/render.ts';
import type { Sessions } from '../session/session.ts';
import type { AccessTokens } from '../visitor/access-tokens.ts';
import type { AttemptCookies } from '../visitor/attempt-cookies.ts';
import type { BeginPolicy } from '../visitor/begin-policy.ts';
import type { LogoutCookie } from '../visitor/logout-cookie.ts';
import type { SignedIn, SignedInVisitors } from '../visitor/signed-in.ts';

/** What the routes are made of. */
export interface Parts {
  relyingParty: RelyingParty;
  visitors: SignedInVisitors;
  logoutCookie: LogoutCookie;
  sessions: Sessions<SignedIn>;
  accessTokens: AccessTokens;
  attempts: AttemptCookies;
  begin: BeginPolicy;
  /**
   * The pages in the language of whoever asks, with the links of the tenant that `policy` is of: a
   * visitor's, or that of an attempt, whose `uiLocales` counts unless the request has its own.
   */
  pagesFor(
    request: IncomingMessage,
    known?: { policy: string; uiLocales?: string | undefined },
  ): Pages;
  respond: Responder;
  /** For answers that the provider may show in a frame. */
  respondInFrame: Responder;
  log: Log;
  paths: Paths;
  /** Of the public address: what browsers call this site. */
  origin: string;
  now: () => number;
  /** Whether this server is on its way out. */
  isStopping: () => boolean;
  signedOutPages: '401' | 'redirect';
  parseReturnTarget: ParseReturnTarget;
  gate: Gate | undefined;
  originalRequestOf: OriginalRequestOf;
  originalHostOf: OriginalHostOf;
  /** Whether error pages say what their codes mean. */
  forDevelopers: boolean;
}

/** Where the visitor wants to go afterwards: the `return_to` of the query when it is a good one. */
export function returnTargetOf(request: IncomingMessage, parts: Parts): ReturnTarget {
  return goodReturnTarget(singleValue(queryOf(request), 'return_to'), parts);
}

export function goodReturnTarget(
  value: string | undefined,
  { paths: { flow }, parseReturnTarget }: Parts,
): ReturnTarget {
  const target = parseReturnTarget(value);
  // Going back into the middle of a sign-in, or to the way out, is nobody's wish.
  return target && !flow.has(target.split('?', 1)[0] ?? '') ? target : HOME;
}
