import type { TenantConfig } from '../../config/tenant-config.ts';
import { type Check, createReporter } from '../check.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const RENEW =
  'Create a new key and certificate, register the certificate, and set client.key and client.certificate.';

/** Checks that the certificate of `private_key_jwt` is valid now. Without a certificate there is no check. */
export function* clientCertificateCheck(
  { name, client }: Pick<TenantConfig, 'name' | 'client'>,
  now: number,
): Generator<Check> {
  if (client.authMethod !== 'private_key_jwt' || !client.certificate) return;
  const report = createReporter(name || undefined);
  const id = 'client.certificate';
  const { validFrom, validTo } = client.certificate;
  const ends = Date.parse(validTo);
  const days = Math.floor((ends - now) / DAY_MS);
  if (now > ends || now < Date.parse(validFrom)) {
    const detail = `it is valid from ${validFrom} to ${validTo}, but not now`;
    yield report.fail(id, detail, { fix: RENEW });
  } else if (days < SOON_DAYS) {
    yield report.warn(id, `it expires in ${days} days`, { fix: RENEW });
  } else yield report.ok(id, `valid for another ${days} days, with the matching key`);
}
