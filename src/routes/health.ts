import type { Route } from '../http/router.ts';
import type { Parts } from './parts.ts';

/** Whether the process answers, and whether people can sign in. */
export function healthRoutes({ relyingParty, respond }: Parts): Route[] {
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
        GET(_request, response) {
          const policies = relyingParty.missing();
          const ready = policies.length === 0;
          // Looks again behind this answer, so that readiness returns without a visitor's help.
          if (!ready) void relyingParty.preload();
          const answer = ready ? { status: 'ready' } : { status: 'not ready', policies };
          respond.json(response, ready ? 200 : 503, answer);
        },
      },
    },
  ];
}
