/** The data of the page templates, with B2C's element IDs, names and states. */
import type { PageSettings } from '../definition/page-settings.ts';
import type { Page } from '../policy/page.ts';
import type { Language, Texts } from './languages.ts';
import type { PageContext, SpecificContext } from './page-context.ts';
import { DATA_NAMES, formUrl } from './page-links.ts';
import { pageTexts, type RunLanguage } from './page-texts.ts';
import { buildPhoneModel, type PhoneModel } from './phone-model.ts';
import { buildProvidersModel, type ProvidersModel } from './providers-model.ts';
import { scriptLibraries } from './renderer.ts';
import { buildScriptSettings } from './script-settings.ts';
import { buildSelfAsserted, type SelfAssertedModel } from './self-asserted-model.ts';
import { buildUnified, type UnifiedModel } from './unified-model.ts';

export type SpecificModel = UnifiedModel | SelfAssertedModel | PhoneModel | ProvidersModel;

export type PageModel = CommonModel & SpecificModel;

export interface CommonModel {
  policyName: string;
  /** `data-name` of `div#api`. */
  dataName: string;
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
  /** URLs of the libraries that scripts of a custom page expect. */
  libraries: string[];
  /** A message to the author of the policy, such as an error in its files. */
  notice?: string | undefined;
}

/** The model of the page at which a run waits. */
export function buildPage(
  run: RunLanguage,
  page: Page,
  { session, language, settings, nonce }: PageContext,
): PageModel {
  const texts = pageTexts(run, page, language.texts);
  const specific = buildSpecific(page, { texts, session, settings, language });
  return {
    ...specific,
    policyName: session.policyName,
    dataName: DATA_NAMES[specific.template],
    formAction: formUrl(session),
    csrf: session.csrf,
    lang: language.tag,
    direction: language.direction,
    texts: texts.texts,
    page: settings,
    ids: settings.ids,
    nonce,
    script: buildScriptSettings(specific, { session, language, texts }),
    libraries:
      settings.content !== undefined && settings.allowScript
        ? scriptLibraries(page.contentDefinition?.dataUri?.value.version)
        : [],
  };
}

function buildSpecific(page: Page, context: SpecificContext): SpecificModel {
  if (page.kind === 'sign-in') return buildUnified(page, context);
  if (page.kind === 'providers') return buildProvidersModel(page, context);
  return page.kind === 'phone' ? buildPhoneModel(page, context) : buildSelfAsserted(page, context);
}
