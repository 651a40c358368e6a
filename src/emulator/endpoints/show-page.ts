import type { LocalPath } from '../../http/local-path.ts';
import type { PageSettings } from '../definition/page-settings.ts';
import { chooseLanguage, type Language } from '../pages/languages.ts';
import { linkUrl } from '../pages/page-links.ts';
import { buildPage } from '../pages/page-model.ts';
import type { JourneyRun } from '../policy/run.ts';
import { warn } from '../state/request-log.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { type Exchange, sendPage } from './exchange.ts';
import { fillContent } from './fill-content.ts';
import { findContent } from './load-uri.ts';
import { readPageContent } from './page-content.ts';
import { createNonce } from './response-headers.ts';
import type { Transaction } from './transaction.ts';

/** Shows the page at which a journey waits, in its frame or in the custom page of the policy. */
export async function showPage(exchange: Exchange, transaction: Transaction): Promise<void> {
  const { run } = transaction;
  const { waiting } = run;
  if (waiting?.kind === 'provider') return seeOther(exchange, transaction, PROVIDER);
  if (!waiting) throw new B2cError('AADB2C90046');
  const { views, policy, tenant } = exchange;
  const language = runLanguage(run);
  const nonce = createNonce();
  const source = findContent(run, waiting.page.contentDefinition, tenant.outside.rest);
  const settings: PageSettings = { ...policy.page, ...source };
  const model = {
    ...buildPage(run, waiting.page, { session: transaction, language, settings, nonce }),
    notice: describeErrors(exchange, run) ?? source.notice,
  };
  const { content, allowScript } = settings;
  if (content === undefined) return sendPage(exchange, views.journey(model), { nonce });
  const frame = await readPageContent(content, language.tag, source.parameters);
  const { html, hasBodyScript } = await fillContent(views.journeyContent(model), frame, {
    allowScript,
  });
  if (hasBodyScript) warn(exchange.record, BODY_SCRIPT);
  if (allowScript && model.libraries.length === 0) warn(exchange.record, NO_JQUERY);
  sendPage(exchange, html, { nonce, hasCustomContent: true, allowsCustomScript: allowScript });
}

const BODY_SCRIPT =
  'The custom page has a script in <body>. Page layouts unifiedssp 2.1.10, selfasserted 2.1.21 and later run only scripts in <head>.';
const NO_JQUERY =
  'Scripts of the custom page have no jQuery, because the package is not installed: npm install jquery jquery-migrate';

/** A change of the policy that is not in effect, because its files have an error. */
function describeErrors(
  { tenant: { keptPolicies, policyErrors } }: Exchange,
  { policy: { id, files } }: JourneyRun,
): string | undefined {
  const [first] = policyErrors.filter(({ file }) => files.includes(file));
  if (!keptPolicies.includes(id) || !first) return undefined;
  const { file, line, column, message } = first;
  return `The last change is not in effect. ${file}:${line}:${column}: ${message}`;
}

/** The built-in texts. A policy with its own list of languages names the language of the page. */
export function runLanguage({ language, policy }: JourneyRun): Language {
  const builtIn = chooseLanguage(language);
  return policy.localization.supportedLanguages.length > 0
    ? { ...builtIn, tag: language }
    : builtIn;
}

export const PROVIDER = 'oauth2/provider';

/** Redirects to another page of the journey. */
export function seeOther(
  { responder, response }: Exchange,
  transaction: Transaction,
  path: string,
): void {
  responder.redirect(response, 303, linkUrl(transaction, path) as LocalPath);
}
