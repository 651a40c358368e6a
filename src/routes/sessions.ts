import type { IncomingMessage } from 'node:http';
import { requireSameOrigin } from '../http/csrf.ts';
import { parseForm, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { parseTraceId } from '../http/trace-context.ts';
import { hashSessionId } from '../session/session.ts';
import { type CurrentSession, groupOfUser } from '../visitor/browser-sessions.ts';
import type { AppContext } from './app-context.ts';
import { toViewer } from './page-models.ts';
import { signOutAndRedirect } from './sign-out-redirect.ts';
import { respondUnauthenticated } from './unauthenticated.ts';

/** The user's sessions; POST ends one of them, all others, or all. */
export function sessionsRoute(context: AppContext): Route {
  const { browserSessions, sessions, pagesFor, respond, log, paths, origin } = context;
  const ownSessions = (visitor: CurrentSession) => sessions.findAll(groupOfUser(visitor));
  const end = async (request: IncomingMessage, key: string) => {
    await sessions.end(key);
    log.info('sign_out', { session: hashSessionId(key), traceId: parseTraceId(request) });
  };
  return {
    path: paths.sessions,
    methods: {
      async GET(request, response) {
        const visitor = await browserSessions.of(request);
        if (!visitor)
          return respondUnauthenticated(request, response, { returnTo: paths.sessions, context });
        const rows = (await ownSessions(visitor))
          .map(({ key, startedAt, content }) => ({
            name: hashSessionId(key),
            browser: content.browser,
            startedAt,
            isCurrent: key === visitor.sessionKey,
          }))
          .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.startedAt - a.startedAt);
        const pages = pagesFor(request, visitor);
        const page = pages.sessions({ viewer: toViewer(visitor.user), sessions: rows });
        respond.html(response, 200, page, pages.headers);
      },
      async POST(request, response) {
        requireSameOrigin(request, origin);
        const wanted = singleValue(await parseForm(request), 'end');
        const visitor = await browserSessions.of(request);
        if (!visitor) return respond.redirect(response, 303, paths.sessions);
        const others = (await ownSessions(visitor)).filter(({ key }) => key !== visitor.sessionKey);
        for (const { key } of others) {
          if (wanted === 'others' || wanted === 'all' || wanted === hashSessionId(key))
            await end(request, key);
        }
        if (wanted === 'all' || wanted === hashSessionId(visitor.sessionKey)) {
          return signOutAndRedirect(request, response, context);
        }
        respond.redirect(response, 303, paths.sessions);
      },
    },
  };
}
