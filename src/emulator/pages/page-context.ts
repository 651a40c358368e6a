import type { PageSettings } from '../definition/page-settings.ts';
import type { Language } from './languages.ts';
import type { PageSession } from './page-links.ts';
import type { PageTexts } from './page-texts.ts';

/** Parts of a page model that do not come from the policy engine. */
export interface PageContext {
  session: PageSession;
  language: Language;
  settings: PageSettings;
  nonce: string;
}

export interface SpecificContext extends Omit<PageContext, 'nonce'> {
  texts: PageTexts;
}
