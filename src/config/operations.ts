import { z } from 'zod';
import type { Fault } from './provider.ts';
import { listenShape } from './values.ts';

/** Where operators ask: a listener beside the public one. */
export function operationsSchema() {
  const { host, port } = listenShape(9464);
  return z
    .strictObject({
      host: host.describe(
        'with any of these two: the address of a second listener, for metrics and health, ' +
          'docs/operations.md',
      ),
      port: port.describe('its port; another one than `listen.port`'),
    })
    .optional();
}

/** Also on another address, so that nobody has to know which of the two answers where. */
export function* operationsFaults({
  listen,
  operations,
}: {
  listen?: { port?: unknown } | undefined;
  operations?: { port?: unknown } | undefined;
}): Generator<Fault> {
  if (operations?.port !== undefined && operations.port === listen?.port) {
    yield [['operations', 'port'], 'must be another one than listen.port'];
  }
}
