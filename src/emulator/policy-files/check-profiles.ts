import type { OrchestrationStep, Policy } from '../policy/policy.ts';
import type { ClaimReference, Handler, TechnicalProfile } from '../policy/technical-profile.ts';
import { checkLocalizedTexts } from './check-texts.ts';
import { handlerRule } from './handler-table.ts';
import { isAmong } from './is-among.ts';
import type { Report } from './rules.ts';

/** The numbers that a setting may have. */
const RANGES: Record<string, readonly [number, number]> = {
  CodeExpirationInSeconds: [60, 1200],
  token_lifetime_secs: [300, 86_400],
  id_token_lifetime_secs: [300, 86_400],
  refresh_token_lifetime_secs: [86_400, 7_776_000],
  rolling_refresh_token_lifetime_secs: [86_400, 31_536_000],
};

/** Their profiles show a page, which the default session provider may skip at single sign-on. */
const SHOWN: readonly Handler[] = [
  ...(['self-asserted', 'openid-connect', 'oauth2', 'oauth1', 'phone-factor'] as const),
];

/** Checks the profiles that a policy uses, with all that they include. */
export function checkProfiles(policy: Policy, report: Report): void {
  const steps = [...policy.userJourneys.values(), ...policy.subJourneys.values()].flatMap(
    (journey) => journey.steps,
  );
  // The sign-in form of a selection step is on the page of the step.
  const onPages = new Set(profilesIn(steps.filter((step) => step.contentDefinition)));
  for (const profile of policy.technicalProfiles.values()) {
    checkKind(profile, report);
    checkMetadata(profile, { hasPageOfStep: onPages.has(profile), report });
    checkKeys(profile, report);
    checkHandlerClaims(profile, report);
    if (profile.handler === 'rest') checkRest(profile, policy, report);
    if (profile.handler === 'directory') checkDirectory(profile, report);
    checkPage(profile, report);
    checkEnabled(profile, report);
    checkValidationLoop(profile, report);
    checkLocalizedTexts(profile, report);
  }
  for (const { id, handler, sessionProvider, ...at } of profilesIn(steps)) {
    if (SHOWN.includes(handler) && !sessionProvider) report('session-provider-missing', at, { id });
  }
}

const profilesIn = (steps: readonly OrchestrationStep[]): TechnicalProfile[] =>
  steps.flatMap(({ exchanges }) => exchanges.map(({ profile }) => profile));

function checkKind(profile: TechnicalProfile, report: Report): void {
  const { id, handler, protocol, outputClaims, sessionProvider: session } = profile;
  if (!protocol) report('protocol-missing', profile, { id });
  const unknown = handler === 'unknown' ? protocol?.value : undefined;
  const feature = handlerRule(handler).notHere ?? unknown;
  if (feature !== undefined) report('not-supported-here', profile, { id, feature });
  if (handler === 'claims-transformation' && outputClaims.length === 0) {
    report('output-claim-missing', profile, { id });
  }
  if (session && !session.handler.startsWith('session-')) {
    report('session-provider-kind', profile, { id, session: session.id });
  }
}

function checkMetadata(
  { id, handler, metadata, ...at }: TechnicalProfile,
  { hasPageOfStep, report }: { hasPageOfStep: boolean; report: Report },
): void {
  const { metadata: required, values } = handlerRule(handler);
  for (const key of required) {
    const item = metadata.get(key);
    if (item && item.value !== '') continue;
    if (key === 'METADATA' && metadata.has('authorization_endpoint')) continue;
    if (key === 'ContentDefinitionReferenceId' && hasPageOfStep) continue;
    report('metadata-missing', item ?? at, { id, key, state: item ? 'empty' : 'missing' });
  }
  for (const [key, allowed] of values) {
    const item = literalItem(metadata, key);
    if (!item || isAmong(allowed, item.value)) continue;
    report('metadata-value', item, { id, key, value: item.value, allowed: allowed.join(', ') });
  }
  for (const [key, [least, most]] of Object.entries(RANGES)) {
    const item = literalItem(metadata, key);
    if (!item || (Number(item.value) >= least && Number(item.value) <= most)) continue;
    report('value-range', item, { name: `${key} of "${id}"`, value: item.value, least, most });
  }
}

/** An item whose value no claim resolver gives. */
function literalItem(metadata: TechnicalProfile['metadata'], key: string) {
  const item = metadata.get(key);
  return item?.value.includes('{') ? undefined : item;
}

function checkKeys(profile: TechnicalProfile, report: Report): void {
  const { id, keys } = profile;
  for (const key of keysNeeded(profile)) {
    if (!keys.has(key)) report('key-missing', profile, { id, key });
  }
}

function keysNeeded({ handler, metadata }: TechnicalProfile): readonly string[] {
  const value = (key: string) => metadata.get(key)?.value.toLowerCase() ?? '';
  if (handler === 'openid-connect') {
    const isCode = value('response_types').split(' ').includes('code');
    const hasAssertion = value('token_endpoint_auth_method') === 'private_key_jwt';
    return isCode ? [hasAssertion ? 'assertion_signing_key' : 'client_secret'] : [];
  }
  if (handler !== 'rest') return handlerRule(handler).keys;
  const authentication = value('AuthenticationType');
  if (authentication === 'basic')
    return ['BasicAuthenticationUsername', 'BasicAuthenticationPassword'];
  if (authentication === 'clientcertificate') return ['ClientCertificate'];
  const hasClaim = metadata.has('UseClaimAsBearerToken');
  return authentication === 'bearer' && !hasClaim ? ['BearerAuthenticationToken'] : [];
}

function checkHandlerClaims(profile: TechnicalProfile, report: Report): void {
  const { id, handler, metadata, inputClaims, outputClaims } = profile;
  const operation = metadata.get('Operation')?.value.toLowerCase() ?? '';
  const needed = handlerRule(handler).claims.find((row) => row.operation === operation);
  const check = (kind: 'input' | 'output', claims: readonly ClaimReference[]) => {
    for (const name of needed?.[kind] ?? []) {
      if (isAmong(claims.map(partnerName), name)) continue;
      report('handler-claim-missing', profile, { id, kind, name });
    }
  };
  check('input', inputClaims);
  check('output', outputClaims);
}

export const partnerName = ({ claimType, partnerClaimType }: ClaimReference): string =>
  partnerClaimType ?? claimType.id;

function checkRest(
  { id, metadata }: TechnicalProfile,
  { isDevelopment }: Policy,
  report: Report,
): void {
  const authentication = metadata.get('AuthenticationType');
  const isAllowed = isAmong(['true'], metadata.get('AllowInsecureAuthInProduction')?.value);
  const isNone = authentication && isAmong(['none'], authentication.value);
  if (isNone && !isDevelopment && !isAllowed) {
    report('rest-without-authentication', authentication, { id });
  }
  const url = metadata.get('ServiceUrl');
  if (url && /^http:/i.test(url.value)) {
    report('rest-without-tls', url, { id, url: url.value.split('?')[0] ?? '' });
  }
}

function checkDirectory(profile: TechnicalProfile, report: Report): void {
  const { id, metadata, inputClaims, persistedClaims, outputClaims } = profile;
  const extension = [...inputClaims, ...persistedClaims, ...outputClaims].find((claim) =>
    /^extension_/i.test(partnerName(claim)),
  );
  const absent = ['ApplicationObjectId', 'ClientId'].filter((key) => !metadata.get(key)?.value);
  if (extension && absent.length > 0) {
    const missing = absent.join(' and no ');
    report('extension-attribute', extension, { id, claim: partnerName(extension), missing });
  }
  const [key, ...others] = inputClaims;
  if (!key || others.length > 0) {
    report('directory-key', others[0] ?? profile, { id, count: inputClaims.length });
    return;
  }
  const writes = isAmong(['write'], metadata.get('Operation')?.value);
  const isPersisted = persistedClaims.some((claim) => partnerName(claim) === partnerName(key));
  if (writes && !isPersisted) {
    report('directory-key-not-persisted', profile, { id, key: key.claimType.id });
  }
}

function checkPage(profile: TechnicalProfile, report: Report): void {
  const { id, handler, displayClaims, persistedClaims, validationProfiles } = profile;
  if (handler !== 'self-asserted' && handler !== 'phone-factor') {
    if (validationProfiles.length > 0) report('validation-not-run', profile, { id });
    return;
  }
  if (persistedClaims[0] && handler === 'self-asserted') {
    report('persisted-claims-unused', persistedClaims[0], { id });
  }
  for (const { claimType, ...at } of displayClaims) {
    if (!claimType || claimType.userInputType) continue;
    report('field-without-input-type', at, { id: claimType.id });
  }
  const hasControl = displayClaims.some(({ displayControl }) => displayControl);
  const layout = profile.contentDefinition?.dataUri;
  if (hasControl && layout?.value.version && isOlder(layout.value.version, '2.1.0')) {
    report('page-layout-old', layout, { id, version: layout.value.version });
  }
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

function checkEnabled(profile: TechnicalProfile, report: Report): void {
  const { id, enabledForUserJourneys: mode, metadata } = profile;
  if (!mode || !/^On/.test(mode.value)) return;
  const wanted = ['ClaimTypeOnWhichToEnable'];
  if (/StringCollection/.test(mode.value)) wanted.push('ClaimValueOnWhichToEnable');
  for (const key of wanted) {
    if (!metadata.has(key)) report('enabled-without-claim', mode, { mode: mode.value, id, key });
  }
}

/** Finds validation profiles that reach the profile that they validate again: they would run without end. */
function checkValidationLoop(profile: TechnicalProfile, report: Report): void {
  const visited = new Set<TechnicalProfile>();
  const leadsBack = ({
    profile: next,
  }: TechnicalProfile['validationProfiles'][number]): boolean => {
    if (next === profile) return true;
    if (visited.has(next)) return false;
    visited.add(next);
    return next.validationProfiles.some(leadsBack);
  };
  const start = profile.validationProfiles.find(leadsBack);
  if (!start) return;
  report('validation-loop', start, { id: profile.id, validation: start.profile.id });
}
