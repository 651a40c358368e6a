import type { ContentDefinition, Localization, LocalizedResources } from '../policy/content.ts';
import type { Policy } from '../policy/policy.ts';
import type { DisplayControl } from '../policy/technical-profile.ts';
import type { DefinitionKind } from './policy-file.ts';
import type { Report, Reporter } from './rules.ts';

const PAGES = [
  ...['globalexception', 'providerselection', 'idpselection', 'unifiedssp', 'unifiedssd'],
  ...['multifactor', 'selfasserted'],
];
const RECOVERY_URI = '~/common/default_page_error.html';
const ELEMENT_TYPES = [
  ...['ClaimType', 'ClaimsProvider', 'UxElement', 'ErrorMessage', 'DisplayControl', 'Predicate'],
  ...['PredicateValidation', 'InputValidation', 'GetLocalizedStringsTransformationClaimType'],
  'FormatLocalizedStringTransformationClaimType',
];
const CONTROL_CLAIM_TYPES = [
  ...['VerificationCode', 'QrCodeContent', 'Phone', 'CountryCode', 'Email', 'AppIcon'],
];

export function checkContentDefinition(
  content: ContentDefinition,
  { report, recoveryUri: uri }: { report: Report; recoveryUri: string | undefined },
): void {
  const { id, loadUri, dataUri } = content;
  if (!loadUri) report('content-definition-incomplete', content, { id, name: 'LoadUri' });
  else if (!/^(~\/|https:\/\/|\{)/i.test(loadUri.value)) {
    report('load-uri', loadUri, { uri: loadUri.value });
  }
  if (!dataUri) report('content-definition-incomplete', content, { id, name: 'DataUri' });
  else if (!PAGES.includes(dataUri.value.page)) {
    report('data-uri', dataUri, { uri: dataUri.value.uri });
  }
  if (uri !== undefined && uri !== RECOVERY_URI) report('recovery-uri', content, { id, uri });
}

/** Checks the languages and the scripts of a page that a policy uses. */
export function checkPage(
  content: ContentDefinition,
  { localization, relyingParty }: Policy,
  report: Report,
): void {
  const { id, dataUri, localizedResources } = content;
  const supported = new Set(
    localization.supportedLanguages.map(({ value }) => value.toLowerCase()),
  );
  if (supported.size > 0 && localizedResources.size > 0) {
    for (const language of localizedResources.keys()) {
      if (!supported.has(language)) report('language-not-supported', content, { id, language });
    }
    for (const language of supported) {
      if (!localizedResources.has(language))
        report('language-without-texts', content, { id, language });
    }
  }
  // A page without `contract` in its `DataUri` runs no script, whatever the relying party allows.
  const hasNoScript = dataUri && dataUri.value.page !== '' && !dataUri.value.hasContract;
  if (hasNoScript && relyingParty.behaviors.allowsScript) {
    report('script-without-contract', dataUri, { id });
  }
}

export function checkDefaultLanguage(localization: Localization, report: Report): void {
  const { defaultLanguage: language, supportedLanguages } = localization;
  const [first] = supportedLanguages;
  if (!language || !first || supportedLanguages.some(({ value }) => value === language)) return;
  report('default-language', first, { language });
}

export function checkLocalizedResources(
  resources: LocalizedResources,
  {
    isDefined,
    report,
    suggest,
  }: Reporter & { isDefined: (kind: DefinitionKind, id: string) => boolean },
): void {
  for (const string of [...resources.strings, ...resources.collections]) {
    const { elementType: type, elementId: id } = string;
    if (!ELEMENT_TYPES.includes(type)) {
      const suggestion = suggest(type, ELEMENT_TYPES);
      report('localized-element-type', string, { type, suggestion });
    }
    const isChecked = type === 'ClaimType' || type === 'DisplayControl';
    if (!isChecked || id === undefined || isDefined(type, id)) continue;
    report('localized-element-unknown', string, { type, id });
  }
}

export function checkDisplayControl(control: DisplayControl, report: Report): void {
  const { id, type, displayClaims, actions } = control;
  for (const claim of displayClaims) {
    const role = claim.controlClaimType;
    if (role === undefined || CONTROL_CLAIM_TYPES.includes(role)) continue;
    report('control-claim-type', claim, { role });
  }
  if (type !== 'VerificationControl') return;
  for (const name of ['SendCode', 'VerifyCode']) {
    if (actions.some((action) => action.id === name)) continue;
    report('verification-incomplete', control, { id, missing: `action ${name}` });
  }
  if (!displayClaims.some(({ controlClaimType }) => controlClaimType === 'VerificationCode')) {
    const missing = 'display claim with ControlClaimType="VerificationCode"';
    report('verification-incomplete', control, { id, missing });
  }
}
