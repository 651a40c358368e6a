import type { Origin, Sourced } from './origin.ts';

export interface ContentDefinition extends Origin {
  readonly id: string;
  readonly loadUri: Sourced<string> | undefined;
  readonly dataUri: Sourced<PageLayout> | undefined;
  readonly metadata: ReadonlyMap<string, Sourced<string>>;
  /** By language, lower case. */
  readonly localizedResources: ReadonlyMap<string, LocalizedResources>;
}

/** `urn:com:microsoft:aad:b2c:elements:contract:selfasserted:2.1.7` in its parts. */
export interface PageLayout {
  readonly uri: string;
  readonly page: string;
  readonly version: string;
  /** Only a `contract` page may run scripts. */
  readonly hasContract: boolean;
}

export interface Localization {
  readonly isEnabled: boolean;
  readonly defaultLanguage: string | undefined;
  readonly supportedLanguages: readonly Sourced<string>[];
}

export interface LocalizedResources extends Origin {
  readonly id: string;
  readonly culture: string | undefined;
  readonly strings: readonly LocalizedString[];
  readonly collections: readonly LocalizedCollection[];
}

export interface LocalizedString extends Origin {
  readonly elementType: string;
  readonly elementId: string | undefined;
  readonly stringId: string;
  readonly text: string;
}

export interface LocalizedCollection extends Origin {
  readonly elementType: string;
  readonly elementId: string;
  readonly targetCollection: string;
  readonly items: readonly { text: string; value: string; selectByDefault: boolean }[];
}
