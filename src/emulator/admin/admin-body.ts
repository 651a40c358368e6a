import type { IncomingMessage } from 'node:http';
import { bodyOf, formOf } from '../../http/request.ts';
import { AdminError } from './admin-error.ts';

export const isForm = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;

/** JSON of a program, or the form of a button on the dashboard. */
export async function adminBodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (isForm(request)) return valuesOf(await formOf(request));
  const text = (await bodyOf(request, { maxBytes: 65_536 })).toString('utf8');
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Told below, like JSON of another kind.
  }
  throw new AdminError(400, 'the body is not a JSON object');
}

const NUMBERS = new Set(['times', 'offsetSeconds', 'delayMs']);

/** Forms know only text. An empty field says nothing. */
function valuesOf(form: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (value === '') continue;
    if (value === 'true' || value === 'false') values[name] = value === 'true';
    else values[name] = NUMBERS.has(name) ? Number(value) : value;
  }
  return values;
}
