/** `LoadUri`: the HTML around the content of a page. */
import path from 'node:path';
import type { PageSettings } from '../definition/page-settings.ts';
import { localAddress } from '../policy/call-rest.ts';
import type { ContentDefinition } from '../policy/content.ts';
import { resolve } from '../policy/resolvers.ts';
import type { JourneyRun } from '../policy/run.ts';

export type ContentSource = Partial<Pick<PageSettings, 'layout' | 'content' | 'allowScript'>> & {
  /** Query parameters of the policy for the URL. */
  parameters?: [name: string, value: string][];
  /** The emulator shows its own page, because the URL is on another computer. */
  notice?: string;
};

/** Microsoft's templates are `~/…`: the emulator's layouts stand for them. */
export function findContent(
  run: JourneyRun,
  contentDefinition: ContentDefinition | undefined,
  rest: Readonly<Record<string, string>>,
): ContentSource {
  const { loadUri, dataUri } = contentDefinition ?? {};
  // Pages of user flows have no LoadUri.
  if (!loadUri || loadUri.value === '') return {};
  if (loadUri.value.startsWith('~/')) {
    return { layout: loadUri.value.startsWith('~/tenant/default/') ? 'classic' : 'oceanBlue' };
  }
  const { behaviors } = run.policy.relyingParty;
  const allowScript = behaviors.allowsScript && dataUri?.value.hasContract === true;
  const context = { run, bag: run.bag };
  const uri = resolve(loadUri.value, context);
  if (!/^https?:/i.test(uri)) {
    return { content: path.resolve(path.dirname(loadUri.file), uri), allowScript };
  }
  const content = localAddress(uri, rest);
  if (content === undefined) return { notice: `${uri} is not on this computer. ${HINT}` };
  const parameters = [...behaviors.contentDefinitionParameters].map(
    ([name, value]): [string, string] => [name, resolve(value, context)],
  );
  return { content, allowScript, parameters };
}

const HINT = 'To use it, add its local copy to customPolicies.rest.';
