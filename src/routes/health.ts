import type { Route } from '../http/router.ts';
import type { Parts } from './parts.ts';

/**
 * Whether the process answers, and whether people can sign in and be known again. A store that can be
 * read is enough: while it takes nothing more, those who are signed in go on, if the proxy lets them.
 */
export function healthRoutes({ relyingParty, sessions, respond }: Parts): Route[] {
  return [
    {
      path: '/healthz',
      audience: 'anyone',
      methods: { GET: (_request, response) => respond.json(response, 200, { status: 'ok' }) },
    },
    {
      path: '/readyz',
      audience: 'anyone',
      methods: {
        async GET(_request, response) {
          const policies = relyingParty.missing();
          // Looks again behind this answer, so that readiness returns without a visitor's help.
          if (policies.length > 0) void relyingParty.preload();
          const lacks = {
            ...(policies.length > 0 ? { policies } : {}),
            ...((await sessions.isReachable()) ? {} : { store: 'unreachable' }),
          };
          const ready = Object.keys(lacks).length === 0;
          const answer = { status: ready ? 'ready' : 'not ready', ...lacks };
          respond.json(response, ready ? 200 : 503, answer);
        },
      },
    },
  ];
}
