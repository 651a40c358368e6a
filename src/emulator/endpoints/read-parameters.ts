import { parseForm } from '../../http/request.ts';
import { recordParameters } from '../state/request-log.ts';
import type { Exchange } from './exchange.ts';

/** Form fields, then query parameters: B2C accepts both. Logged with secrets masked. */
export async function readParameters({
  request,
  query,
  record,
}: Pick<Exchange, 'request' | 'query' | 'record'>): Promise<URLSearchParams> {
  const form = request.method === 'POST' ? await parseForm(request, { maxBytes: 65_536 }) : [];
  const parameters = new URLSearchParams([...form, ...query]);
  recordParameters(record, parameters);
  return parameters;
}
