import type { LocalTenant } from '../tenant/local-tenant.ts';
import { shapeOf } from '../tenant/shapes.ts';
import type { B2cError } from './b2c-error.ts';

/** The members that go over the wire, in the words of what the tenant looks like. */
export const errorParameters = (
  error: Pick<B2cError, 'error' | 'message'>,
  { now, definition }: Pick<LocalTenant, 'now' | 'definition'>,
): { error: string; error_description: string } => ({
  error: error.error,
  error_description: shapeOf(definition.tenant).errorText(error.message, now()),
});
