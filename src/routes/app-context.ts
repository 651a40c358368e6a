import type { IncomingMessage } from 'node:http';
import type { Paths } from '../config/paths.ts';
import type { ResponseMode } from '../config/response-mode.ts';
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
import type { SessionStore, Sessions } from '../session/session.ts';
import type { AccessTokens } from '../visitor/access-tokens.ts';
import type { AttemptCookies } from '../visitor/attempt-cookies.ts';
import type { BrowserSessions, SessionContent } from '../visitor/browser-sessions.ts';
import type { LogoutCookie } from '../visitor/logout-cookie.ts';
import type { StartPolicy } from '../visitor/start-policy.ts';

/** The parts of the application that routes use. A function takes only the members that it needs. */
export interface AppContext {
  relyingParties: RelyingParties;
  browserSessions: BrowserSessions;
  logoutCookie: LogoutCookie;
  sessions: Sessions<SessionContent>;
  /** Whether a key is new, among all processes. */
  claimOnce: SessionStore<unknown>['claimOnce'];
  accessTokens: AccessTokens;
  attempts: AttemptCookies;
  startPolicy: StartPolicy;
  /**
   * Returns the pages in the language of the request, with the links of the tenant of `known`, which is a session
   * or an attempt. The `uiLocales` of an attempt apply unless the request has its own.
   */
  pagesFor(request: IncomingMessage, known?: PolicyRef & { uiLocales?: string | undefined }): Pages;
  respond: Responder;
  /** For responses that the provider may show in a frame. */
  respondInFrame: Responder;
  log: Log;
  paths: Paths;
  /** The origin of `baseUrl`. */
  origin: string;
  now: () => number;
  /** Whether a graceful shutdown has started. */
  isStopping: () => boolean;
  signedOutPages: '401' | 'redirect';
  /** How the provider sends authorization responses. */
  responseMode: ResponseMode;
  parseReturnTarget: ParseReturnTarget;
  gate: Gate | undefined;
  findOriginalRequest: OriginalRequestReader['findOriginalRequest'];
  findOriginalHost: OriginalRequestReader['findOriginalHost'];
  /** Whether error pages explain their codes to developers. */
  showErrorDetails: boolean;
}

type ReturnRules = Pick<AppContext, 'paths' | 'parseReturnTarget'>;

/** The `return_to` parameter of the query if it is allowed, otherwise the start page. */
export function parseReturnTo(request: IncomingMessage, rules: ReturnRules): ReturnTarget {
  return safeReturnTarget(singleValue(parseQuery(request), 'return_to'), rules);
}

export function safeReturnTarget(
  value: string | undefined,
  { paths: { flow }, parseReturnTarget }: ReturnRules,
): ReturnTarget {
  const target = parseReturnTarget(value);
  // Never into the middle of a sign-in, or to sign-out.
  return target && !flow.has(target.split('?', 1)[0] ?? '') ? target : HOME;
}
