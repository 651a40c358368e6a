import type { IncomingMessage } from 'node:http';
import { requireSameOrigin } from '../http/csrf.ts';
import { formOf, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { traceIdOf } from '../http/trace-context.ts';
import { sessionName } from '../session/session.ts';
import { type CurrentVisitor, groupOfUser } from '../visitor/signed-in.ts';
import { leave } from './leave.ts';
import type { Parts } from './parts.ts';
import { viewerOf } from './shown-visitor.ts';
import { answerSignedOut } from './signed-out.ts';

/** Where else somebody is signed in, and the way to end that: one session, the others, or all. */
export function sessionsRoute(parts: Parts): Route {
  const { visitors, sessions, pagesFor, respond, log, paths, origin } = parts;
  const ownSessions = (visitor: CurrentVisitor) => sessions.findAll(groupOfUser(visitor));
  const end = async (request: IncomingMessage, key: string) => {
    await sessions.end(key);
    log.info('sign_out', { session: sessionName(key), traceId: traceIdOf(request) });
  };
  return {
    path: paths.sessions,
    methods: {
      async GET(request, response) {
        const visitor = await visitors.of(request);
        if (!visitor)
          return answerSignedOut(request, response, { returnTo: paths.sessions, parts });
        const rows = (await ownSessions(visitor))
          .map(({ key, startedAt, content }) => ({
            name: sessionName(key),
            browser: content.browser,
            startedAt,
            isThis: key === visitor.sessionKey,
          }))
          .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.startedAt - a.startedAt);
        const pages = pagesFor(request, visitor);
        const page = pages.sessions({ viewer: viewerOf(visitor.user), sessions: rows });
        respond.html(response, 200, page, pages.headers);
      },
      async POST(request, response) {
        requireSameOrigin(request, origin);
        const wanted = singleValue(await formOf(request), 'end');
        const visitor = await visitors.of(request);
        if (!visitor) return respond.redirect(response, 303, paths.sessions);
        const others = (await ownSessions(visitor)).filter(({ key }) => key !== visitor.sessionKey);
        for (const { key } of others) {
          if (wanted === 'others' || wanted === 'all' || wanted === sessionName(key))
            await end(request, key);
        }
        if (wanted === 'all' || wanted === sessionName(visitor.sessionKey)) {
          return leave(request, response, parts);
        }
        respond.redirect(response, 303, paths.sessions);
      },
    },
  };
}
