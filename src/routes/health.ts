import type { Route } from '../http/router.ts';
import { formatPolicyRef } from '../oidc/policy.ts';
import { preloadAll } from '../oidc/relying-parties.ts';
import type { AppContext } from './app-context.ts';

/** Reasons why users cannot sign in or stay signed in. */
export interface ReadinessProblems {
  server?: 'stopping';
  policies?: string[];
  store?: 'unreachable';
}

/**
 * Returns an empty object if the server is ready. A readable store is enough: while it is full or read-only,
 * signed-in users stay signed in, as long as the load balancer keeps this server.
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

/** `/healthz`: whether the process responds. `/readyz`: whether users can sign in. */
export function healthRoutes(context: AppContext): Route[] {
  const { relyingParties, respond, paths } = context;
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
          const problems = await findReadinessProblems(context);
          // Loads again in the background, so that the server becomes ready without a sign-in.
          if (problems.policies) void preloadAll(relyingParties);
          const isReady = Object.keys(problems).length === 0;
          const body = { status: isReady ? 'ready' : 'not ready', ...problems };
          respond.json(response, isReady ? 200 : 503, body);
        },
      },
    },
  ];
}
