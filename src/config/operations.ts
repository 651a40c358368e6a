import { z } from 'zod';
import type { PathIssue } from './issues.ts';
import { listenShape } from './values.ts';

const { host, port } = listenShape(9464);

/** A second listener, for operators. */
export const operationsSchema = z
  .strictObject({
    host: host.describe(
      'IP address or host name of a second listener, for metrics and health, docs/monitor.md. ' +
        'The listener starts if `operations` is set.',
    ),
    port: port.describe('Port of the second listener. Must differ from `listen.port`.'),
  })
  .optional();

/** The ports must differ on every address, so that the port alone identifies a listener. */
export function* findOperationsIssues({
  listen,
  operations,
}: {
  listen?: { port?: unknown } | undefined;
  operations?: { port?: unknown } | undefined;
}): Generator<PathIssue> {
  if (operations?.port !== undefined && operations.port === listen?.port) {
    yield { path: ['operations', 'port'], problem: 'must differ from listen.port' };
  }
}
