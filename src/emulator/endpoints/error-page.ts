import { createRun } from '../policy/create-run.ts';
import { B2cError, errorStamp } from '../tokens/b2c-error.ts';
import { type Exchange, sendPage } from './exchange.ts';
import { fillContent } from './fill-content.ts';
import { describeRequest } from './journey-request.ts';
import { type ContentSource, findContent } from './load-uri.ts';
import { findCustomPolicy, journeyTenant } from './local-tenant.ts';
import { readPageContent } from './page-content.ts';

/** The error page of a policy, in the HTML of its content definition `api.error`. */
export async function showErrorPage(
  exchange: Exchange,
  status: number,
  detail: string,
): Promise<void> {
  const { tenant, policy, views } = exchange;
  const model = { detail, heading: policy.page.errorHeading, ...errorStamp(tenant.now()) };
  const { language, allowScript = false, ...source } = findErrorContent(exchange);
  const { content, layout, notice } = source;
  const own = { ...model, notice, page: { layout } };
  if (content === undefined) return sendPage(exchange, views.error(own), { status });
  try {
    const frame = await readPageContent(content, language, source.parameters);
    const { html } = await fillContent(views.errorContent(model), frame, { allowScript });
    sendPage(exchange, html, { status, hasCustomContent: true, allowsCustomScript: allowScript });
  } catch (error) {
    // The error that led here is more important than that of its page.
    if (!(error instanceof B2cError)) throw error;
    sendPage(exchange, views.error({ ...own, notice: error.message }), { status });
  }
}

/** The journey may be unknown or over, so claim resolvers see a new one. */
function findErrorContent({
  tenant,
  policy,
  query,
  origin,
  request,
}: Exchange): ContentSource & { language: string } {
  const model = findCustomPolicy(tenant, policy);
  if (!model) return { language: 'en' };
  const { remoteAddress: ipAddress } = request.socket;
  const run = createRun(model, {
    tenant: journeyTenant(tenant),
    request: describeRequest({ parameters: query, origin, ipAddress }),
    session: new Map(),
  });
  const contentDefinition = model.contentDefinitions.get('api.error');
  return { ...findContent(run, contentDefinition, tenant.outside.rest), language: run.language };
}
