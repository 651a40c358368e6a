import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Claims of every token that B2C issues. */
const OF_THE_PROTOCOL = [
  ...['iss', 'aud', 'exp', 'nbf', 'iat', 'ver', 'nonce', 'auth_time', 'acr', 'tfp', 'sub'],
  ...['c_hash', 'at_hash'],
];

/** The claims that a relying party lists, compared with those of a token. */
export function expectedClaims(
  folder: string,
  policy: string,
  token: Record<string, unknown>,
): { known: string[]; found: Record<string, unknown>; others: string[] } {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
  const relyingParty = files.find((xml) => new RegExp(`PolicyId="${policy}"`, 'i').test(xml)) ?? '';
  const outputs = [...relyingParty.matchAll(/<OutputClaim ClaimTypeReferenceId="(\w+)"([^>]*)/g)];
  const known = outputs.map(([, id = '', rest = '']) => {
    const [, partner] = /PartnerClaimType="(\w+)"/.exec(rest) ?? [];
    return partner ?? defaultName(files, id);
  });
  const own = Object.entries(token).filter(([name]) => !OF_THE_PROTOCOL.includes(name));
  const found = Object.fromEntries(Object.entries(token).filter(([name]) => known.includes(name)));
  return {
    known,
    found,
    others: own.map(([name]) => name).filter((name) => !known.includes(name)),
  };
}

/** `DefaultPartnerClaimTypes` for OpenID Connect, or the ID of the claim type. */
function defaultName(files: readonly string[], id: string): string {
  for (const xml of files) {
    const [, type = ''] =
      new RegExp(`<ClaimType Id="${id}">([\\s\\S]*?)</ClaimType>`).exec(xml) ?? [];
    const [, name] = /Name="OpenIdConnect" PartnerClaimType="(\w+)"/.exec(type) ?? [];
    if (name) return name;
  }
  return id;
}
