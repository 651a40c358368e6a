/** The pages of the dashboard. */
import type { LocalPath } from '../../http/local-path.ts';
import type { HeaderList } from '../../http/security-headers.ts';
import { messagesTo } from '../state/mailbox.ts';
import { requireAccount } from './admin-accounts.ts';
import type { Call } from './admin-call.ts';
import {
  ADMIN_PREFIX,
  type AdminExchange,
  acceptsHtml,
  buildCall,
  parseName,
} from './admin-exchange.ts';
import { buildDashboard } from './dashboard.ts';
import { buildFaultsPage } from './faults-page.ts';
import { findNotice } from './page-after-form.ts';
import { buildPoliciesPage } from './policies-page.ts';
import { buildRunPage } from './run-page.ts';
import { finishRun } from './run-policy.ts';
import { buildTracePage, listTraces, requireTrace } from './traces.ts';

interface Page {
  template: string;
  title: string;
  model: object;
}

/** A path leads to another page of the dashboard. */
type PageBuilder = (call: Call) => Page | Promise<Page | LocalPath>;

const SECTIONS: readonly [path: string, name: string][] = [
  ['', 'Overview'],
  ['mailbox', 'Inbox'],
  ['accounts', 'Users'],
  ['policies', 'Policies'],
  ['requests', 'Requests'],
  ['traces', 'Traces'],
  ['faults', 'Faults'],
  ['tenant', 'Tenant'],
];

const APPLICATION_TYPES = {
  web: 'web application',
  spa: 'single-page application',
  native: 'native application',
};

const PAGES: Record<string, PageBuilder> = {
  '': (call) => ({
    ...{ template: 'dashboard', title: 'Overview' },
    model: { ...buildDashboard(call.tenant), ...buildPoliciesPage(call) },
  }),
  mailbox: ({ tenant, query }) => {
    const email = query.get('email');
    const messages = messagesTo(tenant.mailbox, email);
    return { template: 'mailbox', title: 'Inbox', model: { email, messages } };
  },
  accounts: ({ tenant }) => ({
    ...{ template: 'accounts', title: 'Users' },
    model: { accounts: [...tenant.accounts.values()], now: tenant.now() },
  }),
  'accounts/:oid': (call) => {
    const account = requireAccount(call);
    return { template: 'account', title: account.email, model: { account } };
  },
  policies: (call) => ({
    ...{ template: 'policies', title: 'Policies' },
    model: { ...buildDashboard(call.tenant), ...buildPoliciesPage(call) },
  }),
  'run/result': finishRun,
  'runs/:id': async (call) => ({
    ...{ template: 'run', title: 'Result' },
    model: await buildRunPage(call),
  }),
  requests: ({ tenant: { requestLog } }) => ({
    ...{ template: 'requests', title: 'Requests' },
    model: { requests: requestLog.requests },
  }),
  traces: ({ tenant: { journeyRecords } }) => ({
    ...{ template: 'traces', title: 'Traces' },
    model: { traces: listTraces(journeyRecords) },
  }),
  'traces/:id': ({ tenant, item, query }) => {
    const record = requireTrace(tenant.journeyRecords, item);
    const model = buildTracePage(record, query.get('q') ?? '');
    return { template: 'trace', title: record.policy, model };
  },
  faults: ({ tenant }) => ({
    ...{ template: 'faults', title: 'Faults' },
    model: buildFaultsPage(tenant),
  }),
  tenant: ({ tenant }) => ({
    ...{ template: 'tenant', title: 'Tenant' },
    model: { ...buildDashboard(tenant), keys: tenant.keys, types: APPLICATION_TYPES },
  }),
};

/** `false`: the request is for JSON, or this is no page. */
export async function sendPage(exchange: AdminExchange): Promise<boolean> {
  const { request, response, responder } = exchange;
  const { key } = parseName(request);
  const build = Object.hasOwn(PAGES, key) ? PAGES[key] : undefined;
  if (request.method !== 'GET' || !acceptsHtml(request) || !build) return false;
  const call = buildCall(exchange);
  const page = await build(call);
  if (typeof page === 'string') responder.redirect(response, 303, page);
  else {
    const html = render(exchange, { ...page, notice: findNotice(call.query) });
    responder.html(response, 200, html, HEADERS);
  }
  return true;
}

export function sendErrorPage(exchange: AdminExchange, status: number, message: string): void {
  const page = { template: 'dashboard-error', title: 'This did not work', model: { message } };
  exchange.responder.html(exchange.response, status, render(exchange, page), HEADERS);
}

function render(
  { request, tenant, renderer }: Pick<AdminExchange, 'request' | 'tenant' | 'renderer'>,
  { template, title, model, notice }: Page & { notice?: string | undefined },
): string {
  const [section = ''] = parseName(request).key.split('/');
  const current = section === 'run' || section === 'runs' ? 'policies' : section;
  const counts: Record<string, number> = {
    mailbox: tenant.mailbox.length,
    faults: tenant.faults.length,
  };
  return renderer.render(template, {
    ...{ title, notice, version: tenant.live.version, offsetMs: tenant.clockOffsetMs },
    sections: SECTIONS.map(([path, name]) => ({
      ...{ name, href: `${ADMIN_PREFIX}${path}`, isCurrent: path === current },
      count: counts[path] ?? 0,
    })),
    ...model,
  });
}

/**
 * No inline script or style. `form-action` allows every host, because Chromium also applies it to the
 * redirect of a policy that ends at once, which goes to the application.
 */
const HEADERS: HeaderList = [
  'Content-Security-Policy',
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    'form-action http: https:',
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
];
