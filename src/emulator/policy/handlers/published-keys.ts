/** Discovery documents of OpenID providers, and the keys that sign their tokens. */
import type { JSONWebKeySet } from 'jose';
import type { JourneyTenant } from '../run.ts';

/** @throws JourneyError if the address is not on this computer, RestError if nothing responds there */
export async function fetchJson(
  { fetchRest }: Pick<JourneyTenant, 'fetchRest'>,
  url: string,
): Promise<Record<string, unknown>> {
  const { status, body } = await fetchRest({ method: 'GET', url, headers: {}, body: undefined });
  if (status !== 200) throw new Error(`${url} responded with status ${status}`);
  return JSON.parse(body) as Record<string, unknown>;
}

export const fetchKeys = async (
  tenant: Pick<JourneyTenant, 'fetchRest'>,
  discovery: Record<string, unknown>,
): Promise<JSONWebKeySet> =>
  (await fetchJson(tenant, String(discovery['jwks_uri']))) as unknown as JSONWebKeySet;
