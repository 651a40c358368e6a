import type { ContentDefinition, Localization, LocalizedResources } from '../policy/content.ts';
import type { DisplayControl } from '../policy/technical-profile.ts';
import type { DefinitionKind } from './policy-file.ts';
import type { Report, Suggest } from './rules.ts';

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
  { report, recoveryUri }: { report: Report; recoveryUri: string | undefined },
): void {
  const { id, loadUri, dataUri } = content;
  if (!loadUri) report('content-definition-incomplete', content, `"${id}" has no LoadUri`);
  else if (!/^(~\/|https:\/\/|\{)/i.test(loadUri.value)) {
    report('load-uri', loadUri, `LoadUri is "${loadUri.value}"`);
  }
  if (!dataUri) report('content-definition-incomplete', content, `"${id}" has no DataUri`);
  else if (!PAGES.includes(dataUri.value.page)) {
    report('data-uri', dataUri, `DataUri "${dataUri.value.uri}" names no page layout`);
  }
  if (recoveryUri !== undefined && recoveryUri !== RECOVERY_URI) {
    report('recovery-uri', content, `RecoveryUri of "${id}" is "${recoveryUri}"`);
  }
}

/** Finds languages that no request can select, and languages in which texts of a page are missing. */
export function checkLanguages(
  content: ContentDefinition,
  { localization, report }: { localization: Localization; report: Report },
): void {
  const supported = new Set(
    localization.supportedLanguages.map(({ value }) => value.toLowerCase()),
  );
  if (supported.size === 0 || content.localizedResources.size === 0) return;
  for (const language of content.localizedResources.keys()) {
    if (supported.has(language)) continue;
    const what = `"${content.id}" has texts in "${language}", which is not supported`;
    report('language-not-supported', content, what);
  }
  for (const language of supported) {
    if (content.localizedResources.has(language)) continue;
    report('language-without-texts', content, `"${content.id}" has no texts in "${language}"`);
  }
}

export function checkDefaultLanguage(localization: Localization, report: Report): void {
  const { defaultLanguage, supportedLanguages } = localization;
  const [first] = supportedLanguages;
  if (!defaultLanguage || !first) return;
  if (supportedLanguages.some(({ value }) => value === defaultLanguage)) return;
  report('default-language', first, `DefaultLanguage "${defaultLanguage}" is not in the list`);
}

export function checkLocalizedResources(
  resources: LocalizedResources,
  {
    isDefined,
    report,
    suggest,
  }: {
    isDefined: (kind: DefinitionKind, id: string) => boolean;
    report: Report;
    suggest: Suggest;
  },
): void {
  for (const string of [...resources.strings, ...resources.collections]) {
    const { elementType, elementId } = string;
    if (!ELEMENT_TYPES.includes(elementType)) {
      const end = suggest(elementType, ELEMENT_TYPES);
      report('localized-element-type', string, `There is no ElementType "${elementType}"${end}`);
    }
    const isChecked = elementType === 'ClaimType' || elementType === 'DisplayControl';
    if (!isChecked || elementId === undefined || isDefined(elementType, elementId)) continue;
    const what = `There is no ${elementType} "${elementId}" to be localized`;
    report('localized-element-unknown', string, what);
  }
}

export function checkDisplayControl(control: DisplayControl, report: Report): void {
  const { id, type, displayClaims, actions } = control;
  for (const claim of displayClaims) {
    const role = claim.controlClaimType;
    if (role === undefined || CONTROL_CLAIM_TYPES.includes(role)) continue;
    report('control-claim-type', claim, `There is no ControlClaimType "${role}"`);
  }
  if (type !== 'VerificationControl') return;
  for (const name of ['SendCode', 'VerifyCode']) {
    if (actions.some((action) => action.id === name)) continue;
    report('verification-incomplete', control, `The control "${id}" has no action ${name}`);
  }
  if (!displayClaims.some(({ controlClaimType }) => controlClaimType === 'VerificationCode')) {
    const what = `The control "${id}" has no display claim with ControlClaimType="VerificationCode"`;
    report('verification-incomplete', control, what);
  }
}
