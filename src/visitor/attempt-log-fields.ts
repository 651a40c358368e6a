import type { IncomingMessage } from 'node:http';
import { parseTraceId } from '../http/trace-context.ts';
import { type LogFields, shortHash } from '../log/log.ts';
import { formatPolicyRef, type PolicyRef } from '../oidc/policy.ts';

/** The fields that every log line of one sign-in attempt has in common. */
export const attemptLogFields = (
  request: IncomingMessage,
  attempt: PolicyRef & { state: string },
): LogFields => ({
  policy: formatPolicyRef(attempt),
  attempt: shortHash(attempt.state),
  traceId: parseTraceId(request),
});
