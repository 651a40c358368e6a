/** Adds the response to the request log, without its secrets. */
import type { Responder } from '../../http/response.ts';
import { maskValues, type RecordedResponse, type RequestRecord } from '../state/request-log.ts';

/** Responds like `responder`, and records JSON and redirects. */
export const recordResponses = (responder: Responder, record: RequestRecord): Responder => ({
  ...responder,
  json(response, status, value, more) {
    const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    record.response = { values: maskValues(members) };
    responder.json(response, status, value, more);
  },
  redirect(response, status, location) {
    record.response = describeLocation(String(location));
    responder.redirect(response, status, location);
  },
});

/** The parameters of an authorization response are in the query or in the fragment. */
function describeLocation(location: string): RecordedResponse {
  const [, target = '', query = '', fragment = ''] =
    /^([^?#]*)\??([^#]*)#?(.*)$/s.exec(location) ?? [];
  const parameters = [...new URLSearchParams(query), ...new URLSearchParams(fragment)];
  return { location: target, values: maskValues(parameters) };
}
