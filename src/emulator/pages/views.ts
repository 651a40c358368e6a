import type { PageSettings } from '../definition/page-settings.ts';
import type { PageModel } from './page-model.ts';
import type { Renderer } from './renderer.ts';

/** The parts of a page that a custom page gets. */
export interface ContentParts {
  /** The scripts that B2C runs before those of the custom page. */
  head: string;
  notices: string;
  /** Content of `div#api`. */
  api: string;
  /** Its attribute `data-name`. */
  dataName: string;
}

interface ErrorModel {
  detail: string;
  correlationId: string;
  timestamp: string;
  heading: 'h1' | 'h2';
  notice?: string | undefined;
  page?: { layout: PageSettings['layout'] | undefined };
}

/** The hosted pages: data in, HTML out. */
export interface Views {
  journey(model: PageModel): string;
  journeyContent(model: PageModel): ContentParts;
  /** The page of a simulated identity provider. */
  provider(model: {
    provider: { name: string; issuer: string };
    fields: { name: string; label: string; type: 'email' | 'text'; value: string }[];
    known: string[];
    error: string | undefined;
    formAction: string;
    csrf: string;
  }): string;
  error(model: ErrorModel): string;
  errorContent(model: ErrorModel): ContentParts;
  formPost(model: { redirectUri: string; parameters: [string, string][] }): string;
  /** `frames` are the URLs of front-channel logout. After them, the browser continues to `target`. */
  signedOut(model: { frames: string[]; target: string | undefined }): string;
}

export const createViews = ({ render }: Renderer): Views => ({
  journey: (model) => render(model.template, model),
  journeyContent(model) {
    const bare = { ...model, isBare: true };
    return {
      head: render('script', bare),
      notices: render('notices', bare),
      api: render(model.template, bare),
      dataName: model.dataName,
    };
  },
  provider: (model) =>
    render('simulated-provider', { title: `${model.provider.name}, simulated`, ...model }),
  error: (model) => render('error', { title: 'Something went wrong', ...model }),
  errorContent: (model) => ({
    ...{ head: '', dataName: 'GlobalException' },
    notices: render('notices', { ...model, isBare: true }),
    api: render('error', { ...model, isBare: true }),
  }),
  formPost: (model) => render('form-post', { title: 'Back to the application', ...model }),
  signedOut: (model) =>
    render('signed-out', {
      title: 'You are signed out',
      // Leaves time for the frames to load. Works without script.
      refresh: model.target ? `1; url=${model.target}` : undefined,
      ...model,
    }),
});
