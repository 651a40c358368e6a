import type { Route } from '../http/router.ts';
import { formatPolicyRef } from '../oidc/policy.ts';
import { preloadAll } from '../oidc/relying-parties.ts';
import type { AppContext } from './app-context.ts';

/** What is missing for people to sign in and be known again. */
export interface ReadinessProblems {
  server?: 'stopping';
  policies?: string[];
  store?: 'unreachable';
}

/**
 * Nothing of a server that is ready. A store that can be read is enough: while it takes nothing more, those
 * who are signed in go on, if the proxy lets them.
 */
export async function findReadinessProblems({
  relyingParties,
  sessions,
  isStopping,
}: Pick<AppContext, 'relyingParties' | 'sessions' | 'isStopping'>): Promise<ReadinessProblems> {
  const policies = [...relyingParties].flatMap(([tenant, party]) =>
    party.missing().map((policy) => formatPolicyRef({ tenant, policy })),
  );
  return {
    ...(isStopping() ? { server: 'stopping' } : {}),
    ...(policies.length > 0 ? { policies } : {}),
    ...((await sessions.isReachable()) ? {} : { store: 'unreachable' }),
  };
}

/** Whether the process answers, and whether it is ready. */
export function healthRoutes(parts: AppContext): Route[] {
  const { relyingParties, respond, paths } = parts;
  return [
    {
      path: paths.health,
      audience: 'anyone',
      methods: { GET: (_request, response) => respond.json(response, 200, { status: 'ok' }) },
    },
    {
      path: paths.readiness,
      audience: 'anyone',
      methods: {
        async GET(_request, response) {
          const lacks = await findReadinessProblems(parts);
          // Looks again behind this answer, so that readiness returns without a visitor's help.
          if (lacks.policies) void preloadAll(relyingParties);
          const ready = Object.keys(lacks).length === 0;
          const answer = { status: ready ? 'ready' : 'not ready', ...lacks };
          respond.json(response, ready ? 200 : 503, answer);
        },
      },
    },
  ];
}
