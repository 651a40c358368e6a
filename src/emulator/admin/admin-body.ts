import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/request.ts';
import { AdminError } from './admin-error.ts';

export interface AdminBody {
  values: Record<string, unknown>;
  /** Sent by a button of the dashboard. */
  isForm: boolean;
}

/**
 * JSON from a program, or the form of a dashboard button. A body that looks like JSON is read as JSON
 * even if its type says form, because `curl -d` sends that type.
 */
export async function readAdminBody(request: IncomingMessage): Promise<AdminBody> {
  const text = (await readBody(request, { maxBytes: 65_536 })).toString('utf8').trim();
  if (hasFormType(request) && !/^[[{]/.test(text)) {
    return { values: parseValues(new URLSearchParams(text)), isForm: true };
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
    // Reported below, like JSON that is not an object.
  }
  throw new AdminError(400, `the text is not a JSON object: ${text.slice(0, 100)}`);
}

const NUMBERS = new Set(['times', 'offsetSeconds', 'delayMs']);

const BOOLEANS = new Set(['keepOld', 'disabled', 'replaceClaims']);

/** Form fields are strings. An empty field counts as missing; in a change, it removes the value. */
function parseValues(form: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const isChange = form.get('_method') === 'PATCH';
  for (const [name, value] of form) {
    if (value === '') {
      if (isChange) values[name] = null;
    } else if (BOOLEANS.has(name)) values[name] = value === 'true';
    else if (NUMBERS.has(name)) values[name] = Number(value);
    else values[name] = name === 'claims' ? parseObject(value) : value;
  }
  return values;
}
