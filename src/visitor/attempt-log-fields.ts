import type { IncomingMessage } from 'node:http';
import { parseTraceId } from '../http/trace-context.ts';
import { type LogFields, shortHash } from '../log/log.ts';
import type { Attempt } from '../oidc/authorization-request.ts';

/** What every line of a sign-in has: whoever reads the log finds its start and its end by it. */
export const attemptLogFields = (
  request: IncomingMessage,
  { policy, state }: Pick<Attempt, 'policy' | 'state'>,
): LogFields => ({ policy, attempt: shortHash(state), traceId: parseTraceId(request) });
