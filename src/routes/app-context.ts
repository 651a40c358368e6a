import type { IncomingMessage } from 'node:http';
import type { Paths } from '../config/paths.ts';
import type { Gate } from '../gate/gate.ts';
import { HOME } from '../http/local-path.ts';
import type { OriginalRequestReader } from '../http/original-request.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { Responder } from '../http/response.ts';
import type { ParseReturnTarget, ReturnTarget } from '../http/return-target.ts';
import type { Log } from '../log/log.ts';
import type { PolicyRef } from '../oidc/policy.ts';
import type { RelyingParties } from '../oidc/relying-parties.ts';
import type { Pages } from '../pages/render.ts';
import type { Sessions } from '../session/session.ts';
import type { AccessTokens } from '../visitor/access-tokens.ts';
import type { AttemptCookies } from '../visitor/attempt-cookies.ts';
import type { BrowserSessions, SessionContent } from '../visitor/browser-sessions.ts';
import type { LogoutCookie } from '../visitor/logout-cookie.ts';
import type { StartPolicy } from '../visitor/start-policy.ts';

/** What the routes are made of. */
export interface AppContext {
  relyingParties: RelyingParties;
  browserSessions: BrowserSessions;
  logoutCookie: LogoutCookie;
  sessions: Sessions<SessionContent>;
  accessTokens: AccessTokens;
  attempts: AttemptCookies;
  startPolicy: StartPolicy;
  /**
   * The pages in the language of whoever asks, with the links of the tenant that `known` is of: a
   * visitor's, or that of an attempt, whose `uiLocales` counts unless the request has its own.
   */
  pagesFor(request: IncomingMessage, known?: PolicyRef & { uiLocales?: string | undefined }): Pages;
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
  findOriginalRequest: OriginalRequestReader['findOriginalRequest'];
  findOriginalHost: OriginalRequestReader['findOriginalHost'];
  /** Whether error pages say what their codes mean. */
  showErrorDetails: boolean;
}

/** Where the visitor wants to go afterwards: the `return_to` of the query when it is a good one. */
export function parseReturnTo(request: IncomingMessage, parts: AppContext): ReturnTarget {
  return safeReturnTarget(singleValue(parseQuery(request), 'return_to'), parts);
}

export function safeReturnTarget(
  value: string | undefined,
  { paths: { flow }, parseReturnTarget }: AppContext,
): ReturnTarget {
  const target = parseReturnTarget(value);
  // Going back into the middle of a sign-in, or to the way out, is nobody's wish.
  return target && !flow.has(target.split('?', 1)[0] ?? '') ? target : HOME;
}
