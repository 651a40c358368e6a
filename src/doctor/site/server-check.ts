import type { Config } from '../../config.ts';
import { type Check, checksAbout } from '../check.ts';
import { explainNetworkFault } from '../network-fault.ts';
import { isFailure, type Probe } from '../probe.ts';

/** Whether the server answers at its public address, through whatever stands in between. */
export async function serverCheck({ baseUrl }: Config, probe: Probe): Promise<Check> {
  const { ok, skipped, warn } = checksAbout('baseUrl');
  const id = 'base-url.answers';
  const result = await probe.get(new URL('/healthz', baseUrl));
  if (isFailure(result)) {
    const { detail, mend } = explainNetworkFault(result.failure, { host: baseUrl.host });
    return /CERT|SELF_SIGNED|ISSUER|VERIFY|SSL|EPROTO/.test(result.failure)
      ? warn(id, detail, { mend })
      : skipped(id, `${detail}. When it runs, ask again`);
  }
  if (result.status === 200 && isHealth(result.text)) {
    return ok(
      id,
      `${baseUrl.origin} leads to this server; it needs no header of a proxy but Host, Origin and Sec-Fetch-* as they came`,
    );
  }
  return warn(
    id,
    `${baseUrl.origin}/healthz answers ${result.status}, and not as this server does`,
    {
      mend: 'Let the proxy pass on every path to listen.host and listen.port, and see that no other program has that address.',
    },
  );
}

function isHealth(text: string): boolean {
  try {
    return (JSON.parse(text) as { status?: unknown } | null)?.status === 'ok';
  } catch {
    return false;
  }
}
