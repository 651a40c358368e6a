/** `Protocol None` with a key or with the address of an issuer: the claims of `id_token_hint`. */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readIdTokenHint, readPublishedHint } from '../../tokens/id-token-hint.ts';
import type { Claims, PublicKey } from '../../tokens/jwt.ts';
import type { ClaimValue } from '../claims-bag.ts';
import { asJourneyEnd } from '../journey-end.ts';
import { setting } from '../profile-claims.ts';
import type { Exchange, Outputs } from '../run.ts';
import { fetchJson, fetchKeys } from './published-keys.ts';

/** A profile without key and issuer has only default values, such as that of a refresh journey. */
export async function idTokenHint(exchange: Exchange): Promise<Outputs> {
  const { run, profile } = exchange;
  const hint = run.request.parameters.get('id_token_hint') ?? '';
  const key = profile.keys.get('client_secret')?.value;
  const metadata = setting(profile, 'METADATA');
  const isRequired = profile.outputClaims.some((claim) => claim.isRequired);
  if ((key ?? metadata) === undefined || (hint === '' && !isRequired)) return new Map();
  const rules = {
    audience: setting(profile, 'IdTokenAudience'),
    issuer: setting(profile, 'issuer'),
  };
  try {
    const claims =
      key !== undefined || hint === ''
        ? readIdTokenHint(
            hint,
            { ...rules, secret: run.tenant.secret(key ?? ''), required: true },
            run.tenant.now(),
          )
        : await readWithMetadata(exchange, { ...rules, hint, metadata: metadata ?? '' });
    return new Map(
      Object.entries(claims).flatMap(([name, value]) =>
        value === null ? [] : [[name.toLowerCase(), value as ClaimValue]],
      ),
    );
  } catch (error) {
    throw asJourneyEnd(profile, error);
  }
}

async function readWithMetadata(
  { run: { tenant } }: Exchange,
  hint: {
    hint: string;
    metadata: string;
    issuer: string | undefined;
    audience: string | undefined;
  },
): Promise<Claims> {
  const document = await fetchJson(tenant, hint.metadata);
  const { keys } = await fetchKeys(tenant, document);
  const issuer = hint.issuer ?? String(document['issuer']);
  const published = (keys as (JsonWebKey & { kid: string })[]).map(toPublicKey);
  return readPublishedHint(hint.hint, { ...hint, issuer, keys: published }, tenant.now());
}

const toPublicKey = (jwk: JsonWebKey & { kid: string }): PublicKey => ({
  kid: jwk.kid,
  publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
});
