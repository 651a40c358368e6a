import type { ClaimReference, Handler, TechnicalProfile } from '../policy/technical-profile.ts';
import { isAmong } from './check-transformations.ts';
import { HANDLERS } from './handler-table.ts';
import type { Report } from './rules.ts';

/** Handlers that the emulator cannot run. */
const UNSUPPORTED: Partial<Record<Handler, string>> = {
  saml: 'SAML',
  'saml-issuer': 'SAML',
  'session-saml': 'SAML',
  'conditional-access': 'Conditional Access',
  'application-insights': 'Application Insights',
};

/** The claims by their partner names that a handler needs for one operation. */
const HANDLER_CLAIMS: Partial<Record<Handler, Record<string, { in?: string[]; out?: string[] }>>> =
  {
    'one-time-password': {
      generatecode: { in: ['identifier'], out: ['otpGenerated'] },
      verifycode: { in: ['identifier', 'otpToVerify'] },
    },
    'email-verification': {
      sendcode: { in: ['emailAddress'] },
      verifycode: { in: ['emailAddress', 'verificationCode'] },
    },
    'azure-mfa': {
      onewaysms: { in: ['userPrincipalName', 'phoneNumber'] },
      verify: { in: ['phoneNumber', 'verificationCode'] },
    },
    'phone-factor': { '': { in: ['UserId'] } },
  };

/** The numbers that a setting may have. */
const RANGES: Record<string, readonly [number, number]> = {
  CodeExpirationInSeconds: [60, 1200],
  token_lifetime_secs: [300, 86_400],
  id_token_lifetime_secs: [300, 86_400],
  refresh_token_lifetime_secs: [86_400, 7_776_000],
  rolling_refresh_token_lifetime_secs: [86_400, 31_536_000],
};

interface ProfileChecks {
  readonly isDevelopment: boolean;
  /** The sign-in form of a selection step is on the page of the step. */
  readonly hasPageOfStep: boolean;
  readonly report: Report;
}

/** Checks a profile that a policy uses, with all that it includes. */
export function checkProfile(
  profile: TechnicalProfile,
  { isDevelopment, hasPageOfStep, report }: ProfileChecks,
): void {
  const { id, handler, protocol } = profile;
  if (!protocol)
    report('protocol-missing', profile, `The technical profile "${id}" has no Protocol`);
  const unsupported =
    UNSUPPORTED[handler] ?? (protocol && handler === 'unknown' ? protocol.value : undefined);
  if (unsupported !== undefined) {
    report('not-supported-here', profile, `The emulator does not run "${id}": ${unsupported}`);
  }
  checkMetadata(profile, { hasPageOfStep, report });
  checkKeys(profile, report);
  checkHandlerClaims(profile, report);
  if (handler === 'rest') checkRest(profile, { isDevelopment, report });
  if (handler === 'directory') checkDirectory(profile, report);
  if (handler === 'claims-transformation' && profile.outputClaims.length === 0) {
    report('output-claim-missing', profile, `"${id}" has no output claim`);
  }
  if (handler === 'self-asserted' || handler === 'phone-factor') checkPage(profile, report);
  else if (profile.validationProfiles.length > 0) {
    report(
      'validation-not-run',
      profile,
      `"${id}" shows no page, so nothing runs its validation profiles`,
    );
  }
  const session = profile.sessionProvider;
  if (session && !session.handler.startsWith('session-')) {
    report(
      'session-provider-kind',
      profile,
      `"${session.id}", the session provider of "${id}", does not manage a session`,
    );
  }
  checkEnabled(profile, report);
}

function checkMetadata(
  profile: TechnicalProfile,
  { hasPageOfStep, report }: Pick<ProfileChecks, 'hasPageOfStep' | 'report'>,
): void {
  const { id, handler, metadata } = profile;
  const { metadata: required = [], values = {} } = HANDLERS[handler];
  for (const key of required) {
    const item = metadata.get(key);
    if (item && item.value !== '') continue;
    if (key === 'METADATA' && metadata.has('authorization_endpoint')) continue;
    if (key === 'ContentDefinitionReferenceId' && hasPageOfStep) continue;
    const what = item ? 'is empty' : 'is missing';
    report('metadata-missing', item ?? profile, `The metadata item ${key} of "${id}" ${what}`);
  }
  for (const [key, allowed] of Object.entries(values)) {
    const item = metadata.get(key);
    if (!item || item.value.includes('{') || isAmong(allowed, item.value)) continue;
    report(
      'metadata-value',
      item,
      `${key} of "${id}" cannot be "${item.value}": ${allowed.join(', ')}`,
    );
  }
  for (const [key, [least, most]] of Object.entries(RANGES)) {
    const item = metadata.get(key);
    const number = Number(item?.value);
    if (!item || item.value.includes('{') || (number >= least && number <= most)) continue;
    const what = `${key} of "${id}" is "${item.value}" and has to be from ${least} to ${most}`;
    report('value-range', item, what);
  }
}

function checkKeys(profile: TechnicalProfile, report: Report): void {
  for (const key of keysNeeded(profile)) {
    if (profile.keys.has(key)) continue;
    report('key-missing', profile, `The technical profile "${profile.id}" has no key "${key}"`);
  }
}

function keysNeeded({ handler, metadata }: TechnicalProfile): readonly string[] {
  const value = (key: string) => metadata.get(key)?.value.toLowerCase() ?? '';
  if (handler === 'openid-connect') {
    const isCode = value('response_types').split(' ').includes('code');
    const hasAssertion = value('token_endpoint_auth_method') === 'private_key_jwt';
    return isCode ? [hasAssertion ? 'assertion_signing_key' : 'client_secret'] : [];
  }
  if (handler !== 'rest') return HANDLERS[handler].keys ?? [];
  const authentication = value('AuthenticationType');
  if (authentication === 'basic')
    return ['BasicAuthenticationUsername', 'BasicAuthenticationPassword'];
  if (authentication === 'clientcertificate') return ['ClientCertificate'];
  const hasClaim = metadata.has('UseClaimAsBearerToken');
  return authentication === 'bearer' && !hasClaim ? ['BearerAuthenticationToken'] : [];
}

function checkHandlerClaims(profile: TechnicalProfile, report: Report): void {
  const operations = HANDLER_CLAIMS[profile.handler] ?? {};
  const operation = profile.metadata.get('Operation')?.value.toLowerCase() ?? '';
  const needed = operations[operation] ?? {};
  const check = (names: readonly string[], claims: readonly ClaimReference[], kind: string) => {
    for (const name of names) {
      if (claims.some((claim) => partnerName(claim).toLowerCase() === name.toLowerCase())) continue;
      report(
        'handler-claim-missing',
        profile,
        `"${profile.id}" has no ${kind} claim for "${name}"`,
      );
    }
  };
  check(needed.in ?? [], profile.inputClaims, 'input');
  check(needed.out ?? [], profile.outputClaims, 'output');
}

export const partnerName = ({ claimType, partnerClaimType }: ClaimReference): string =>
  partnerClaimType ?? claimType.id;

function checkRest(
  { id, metadata }: TechnicalProfile,
  { isDevelopment, report }: { isDevelopment: boolean; report: Report },
): void {
  const authentication = metadata.get('AuthenticationType');
  const isAllowed = isAmong(['true'], metadata.get('AllowInsecureAuthInProduction')?.value ?? '');
  if (authentication?.value.toLowerCase() === 'none' && !isDevelopment && !isAllowed) {
    const what = `"${id}" calls a REST service without authentication in production`;
    report('rest-without-authentication', authentication, what);
  }
  const url = metadata.get('ServiceUrl');
  if (url && /^http:/i.test(url.value)) {
    report('rest-without-tls', url, `"${id}" calls ${url.value.split('?')[0]} without TLS`);
  }
}

function checkDirectory(profile: TechnicalProfile, report: Report): void {
  const { id, metadata, inputClaims, persistedClaims, outputClaims } = profile;
  const extension = [...inputClaims, ...persistedClaims, ...outputClaims].find((claim) =>
    /^extension_/i.test(partnerName(claim)),
  );
  const missing = ['ApplicationObjectId', 'ClientId'].filter((key) => !metadata.get(key)?.value);
  if (extension && missing.length > 0) {
    const what = `"${id}" uses "${partnerName(extension)}" and has no ${missing.join(' and no ')}`;
    report('extension-attribute', extension, what);
  }
  const [key, ...others] = inputClaims;
  if (!key || others.length > 0) {
    const what = `"${id}" has ${inputClaims.length} input claims, and takes the key of the account alone`;
    report('directory-key', others[0] ?? profile, what);
    return;
  }
  if (metadata.get('Operation')?.value.toLowerCase() !== 'write') return;
  const isPersisted = persistedClaims.some((claim) => partnerName(claim) === partnerName(key));
  if (!isPersisted) {
    report(
      'directory-key-not-persisted',
      profile,
      `"${id}" does not persist its key "${key.claimType.id}"`,
    );
  }
}

function checkPage(profile: TechnicalProfile, report: Report): void {
  const { id, displayClaims, persistedClaims } = profile;
  if (persistedClaims[0] && profile.handler === 'self-asserted') {
    report('persisted-claims-unused', persistedClaims[0], `The page "${id}" persists no claims`);
  }
  for (const { claimType, ...at } of displayClaims) {
    if (!claimType || claimType.userInputType) continue;
    report('field-without-input-type', at, `The claim type "${claimType.id}" has no UserInputType`);
  }
  const hasControl = displayClaims.find(({ displayControl }) => displayControl);
  const layout = profile.contentDefinition?.dataUri;
  if (hasControl && layout?.value.version && isOlder(layout.value.version, '2.1.0')) {
    const what = `The page of "${id}" has layout ${layout.value.version}; display controls need 2.1.0`;
    report('page-layout-old', layout, what);
  }
}

function isOlder(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) => text.split('.').map(Number));
  for (const [index, number] of (other ?? []).entries()) {
    const part = one?.[index] ?? 0;
    if (part !== number) return part < number;
  }
  return false;
}

function checkEnabled(profile: TechnicalProfile, report: Report): void {
  const { enabledForUserJourneys: mode, metadata } = profile;
  if (!mode || !/^On/.test(mode.value)) return;
  const wanted = ['ClaimTypeOnWhichToEnable'];
  if (/StringCollection/.test(mode.value)) wanted.push('ClaimValueOnWhichToEnable');
  for (const key of wanted) {
    if (metadata.has(key)) continue;
    report(
      'enabled-without-claim',
      mode,
      `${mode.value} of "${profile.id}" needs the metadata item ${key}`,
    );
  }
}

/** Finds validation profiles that reach the profile that they validate again: they would run without end. */
export function checkValidationLoop(profile: TechnicalProfile, report: Report): void {
  const visited = new Set<TechnicalProfile>();
  const leadsBack = (current: TechnicalProfile): boolean =>
    current.validationProfiles.some(({ profile: next }) => {
      if (next === profile) return true;
      if (visited.has(next)) return false;
      visited.add(next);
      return leadsBack(next);
    });
  const start = profile.validationProfiles.find(
    ({ profile: next }) => next === profile || leadsBack(next),
  );
  if (start)
    report(
      'validation-loop',
      start,
      `"${start.profile.id}" validates "${profile.id}" and reaches it again`,
    );
}
