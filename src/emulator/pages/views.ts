import type { Templates } from '../../pages/templates.ts';
import type { DashboardModel } from '../admin/dashboard.ts';
import type { IdentityProvider } from '../tenant/identity-provider.ts';
import type { Message } from '../tenant/mailbox.ts';
import type { TenantDefinition } from '../tenant/tenant.ts';
import { fill } from './languages/language.ts';
import type { PageModel } from './page-model.ts';

/** Every page of the emulator as a function of its data. */
export interface Views {
  journey(model: PageModel): string;
  /** Only what goes into `div#api`, for pages of the developer's own. */
  journeyContent(model: PageModel): string;
  /** The page that stands for an identity provider. */
  provider(model: {
    provider: IdentityProvider;
    known: string[];
    error: string | undefined;
    formAction: string;
    csrf: string;
  }): string;
  error(model: {
    detail: string;
    correlationId: string;
    timestamp: string;
    heading?: 'h1' | 'h2';
  }): string;
  formPost(model: { redirectUri: string; parameters: [string, string][] }): string;
  /** `frames` are the addresses of front-channel logout, `target` where to go on after them. */
  signedOut(model: { frames: string[]; target: string | undefined }): string;
  dashboard(model: DashboardModel): string;
  mailbox(model: { messages: Message[]; email: string | null }): string;
  /** The files that pages refer to, by path. */
  assets: Map<string, { contentType: string; body: Buffer }>;
}

const CONTENT_TYPES = {
  'emulator.css': 'text/css; charset=utf-8',
  'logo.svg': 'image/svg+xml',
  'submit.js': 'text/javascript; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
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
    templates.render(name, {
      paths,
      tenantDomain: tenant.domain,
      policyName: '',
      lang: 'en',
      direction: 'ltr',
      visible,
      fill,
      ...it,
    });
  return {
    journey: (model) => render(model.template, model),
    journeyContent: (model) => render(model.template, { ...model, isBare: true }),
    provider: (model) =>
      render('simulated-provider', { title: `${model.provider.name}, simulated`, ...model }),
    error: (model) => render('error', { title: 'Something went wrong', ...model }),
    formPost: (model) => render('form-post', { title: 'Back to the application', ...model }),
    signedOut: (model) =>
      render('signed-out', {
        title: 'You are signed out',
        // Time for the frames, also without script.
        refresh: model.target ? `1; url=${model.target}` : undefined,
        ...model,
      }),
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
