/** What the templates of the journey's pages are given: ids, names and states as B2C's pages have them. */
import type { FormErrors } from '../journeys/form.ts';
import type { StepPage } from '../journeys/step.ts';
import { formAddress, type Transaction } from '../protocol/transaction.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import type { PageSettings } from '../tenant/page-settings.ts';
import type { Texts } from './languages/en.ts';
import type { Language } from './languages/language.ts';
import { buildPhoneModel, type PhoneModel } from './phone-model.ts';
import { buildScriptSettings } from './script-settings.ts';
import { buildSelfAsserted, type SelfAssertedModel } from './self-asserted-model.ts';
import { buildUnified, type UnifiedModel } from './unified-model.ts';

export type PageModel = CommonModel & (UnifiedModel | SelfAssertedModel | PhoneModel);

export interface CommonModel {
  policyName: string;
  formAction: string;
  csrf: string;
  lang: string;
  direction: Language['direction'];
  texts: Texts;
  page: PageSettings;
  ids: PageSettings['ids'];
  nonce: string;
  /** The text of an inline script. */
  script: string;
}

export interface PageContext {
  errors: FormErrors;
  nonce: string;
  tenant: LocalTenant;
}

export function buildPage(
  page: StepPage,
  transaction: Transaction,
  { errors, nonce, tenant }: PageContext,
): PageModel {
  const { language, request } = transaction;
  const specific = buildSpecific(page, transaction, { errors, tenant });
  return {
    ...specific,
    policyName: request.policy.name,
    formAction: formAddress(transaction),
    csrf: transaction.csrf,
    lang: language.tag,
    direction: language.direction,
    texts: language.texts,
    page: request.policy.page,
    ids: request.policy.page.ids,
    nonce,
    script: buildScriptSettings(transaction, specific),
  };
}

function buildSpecific(
  page: StepPage,
  transaction: Transaction,
  { errors, tenant }: { errors: FormErrors; tenant: LocalTenant },
): UnifiedModel | SelfAssertedModel | PhoneModel {
  if (page.kind === 'unified') return buildUnified(transaction, errors, tenant.definition);
  if (page.kind === 'phonefactor') return buildPhoneModel(transaction, errors);
  return buildSelfAsserted(page, transaction, errors);
}
