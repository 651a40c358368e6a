import type { Templates } from '../pages/templates.ts';
import type { DashboardModel } from './dashboard.ts';
import type { Message } from './mailbox.ts';
import type { PageModel } from './page-model.ts';
import type { TenantDefinition } from './tenant.ts';

/** Every page of the emulator as a function of its data. */
export interface Views {
  journey(model: PageModel): string;
  error(model: { detail: string; correlationId: string; timestamp: string }): string;
  formPost(model: { redirectUri: string; parameters: [string, string][] }): string;
  signedOut(): string;
  dashboard(model: DashboardModel): string;
  mailbox(model: { messages: Message[]; email: string | null }): string;
  /** The files that pages refer to, by path. */
  assets: Map<string, { contentType: string; body: Buffer }>;
}

const CONTENT_TYPES = {
  'emulator.css': 'text/css; charset=utf-8',
  'logo.svg': 'image/svg+xml',
  'submit.js': 'text/javascript; charset=utf-8',
};

export function createViews(templates: Templates, { tenant }: TenantDefinition): Views {
  const assets: Views['assets'] = new Map();
  const paths: Record<string, string> = {};
  for (const [fileName, contentType] of Object.entries(CONTENT_TYPES)) {
    const { hashedName, body } = templates.asset(fileName);
    paths[fileName] = `/_emulator/assets/${hashedName}`;
    assets.set(`/_emulator/assets/${hashedName}`, { contentType, body });
  }
  const render = (name: string, it: object) =>
    templates.render(name, { paths, tenantDomain: tenant.domain, policyName: '', visible, ...it });
  return {
    journey: (model) => render(model.template, model),
    error: (model) => render('error', { title: 'Something went wrong', ...model }),
    formPost: (model) => render('form-post', { title: 'Back to the application', ...model }),
    signedOut: () => render('signed-out', { title: 'You are signed out' }),
    dashboard: (model) => render('dashboard', { title: 'Emulator', ...model }),
    mailbox: (model) => render('mailbox', { title: 'Mailbox', ...model }),
    assets,
  };
}

/**
 * Attributes that hide or show an element. Inline, since page objects read `style` and custom style
 * sheets set `display` on classes.
 */
function visible(isVisible: boolean, display = 'block'): string {
  return isVisible
    ? `style="display: ${display}" aria-hidden="false"`
    : 'style="display: none" aria-hidden="true"';
}
