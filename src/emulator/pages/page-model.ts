/** The data of the page templates, with B2C's element IDs, names and states. */
import type { IdentityProvider } from '../definition/identity-provider.ts';
import type { PageSettings } from '../definition/page-settings.ts';
import type { FormErrors } from '../journeys/form.ts';
import type { Journey } from '../journeys/journey.ts';
import { currentPage } from '../journeys/run-journey.ts';
import type { Language, Texts } from './languages.ts';
import { formUrl, type PageSession } from './page-links.ts';
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
  /** Content of the inline script. */
  script: string;
}

export interface PageContext {
  session: PageSession;
  language: Language;
  errors: FormErrors;
  nonce: string;
  identityProviders: readonly IdentityProvider[];
}

export function buildPage(journey: Journey, context: PageContext): PageModel {
  const { session, language, nonce } = context;
  const { policy } = journey;
  const specific = buildSpecific(journey, context);
  return {
    ...specific,
    policyName: policy.name,
    formAction: formUrl(session),
    csrf: session.csrf,
    lang: language.tag,
    direction: language.direction,
    texts: language.texts,
    page: policy.page,
    ids: policy.page.ids,
    nonce,
    script: buildScriptSettings(journey, specific, { session, language }),
  };
}

function buildSpecific(
  journey: Journey,
  context: PageContext,
): UnifiedModel | SelfAssertedModel | PhoneModel {
  const { errors, language } = context;
  const page = currentPage(journey);
  if (page.kind === 'unified') return buildUnified(journey, context);
  if (page.kind === 'phonefactor') return buildPhoneModel(journey, errors, language);
  return buildSelfAsserted(journey, page, { errors, texts: language.texts });
}
