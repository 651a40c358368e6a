import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/request.ts';
import { AdminError } from './admin-error.ts';

export interface AdminBody {
  values: Record<string, unknown>;
  /** Whether a button of the dashboard sent it. */
  isForm: boolean;
}

/**
 * JSON of a program, or the form of a button on the dashboard. What looks like JSON is JSON, whatever
 * its content type: `curl -d` calls everything a form.
 */
export async function adminBodyOf(request: IncomingMessage): Promise<AdminBody> {
  const text = (await readBody(request, { maxBytes: 65_536 })).toString('utf8').trim();
  if (hasFormType(request) && !/^[[{]/.test(text)) {
    return { values: valuesOf(new URLSearchParams(text)), isForm: true };
  }
  return { values: text === '' ? {} : parseObject(text), isForm: false };
}

const hasFormType = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;

function parseObject(text: string): Record<string, unknown> {
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
