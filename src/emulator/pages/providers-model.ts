import type { Page } from '../policy/page.ts';
import type { SpecificContext } from './page-context.ts';
import { buildProviderForm, type ProviderForm } from './unified-model.ts';

/** The page of `providerselection`: a button for each way to sign in. */
export interface ProvidersModel {
  template: 'providers';
  title: string;
  intro: string;
  providers: { id: string; name: string }[];
  providerForm: ProviderForm;
}

export function buildProvidersModel(
  { providers }: Page,
  { session, texts }: Pick<SpecificContext, 'session' | 'texts'>,
): ProvidersModel {
  const intro = texts.own['intro'] ?? texts.texts.heading;
  return {
    ...{ template: 'providers', title: intro, intro },
    providers: providers.map(({ id, profile }) => ({ id, name: texts.provider(id, profile) })),
    providerForm: buildProviderForm(session),
  };
}
