import { randomUUID } from 'node:crypto';
import type { JourneyRequest } from '../policy/run.ts';

/** The request that starts a journey, as claim resolvers see it. */
export const describeRequest = ({
  parameters,
  origin,
  ipAddress = '',
}: {
  parameters: URLSearchParams;
  origin: string;
  ipAddress?: string | undefined;
}): JourneyRequest => ({
  parameters: new Map([...parameters].map(([name, value]) => [name.toLowerCase(), value])),
  host: new URL(origin).host,
  correlationId: randomUUID(),
  ipAddress,
});
