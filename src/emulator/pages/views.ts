import type { PageSettings } from '../definition/page-settings.ts';
import type { PageModel } from './page-model.ts';
import type { Renderer } from './renderer.ts';

/** The hosted pages: data in, HTML out. */
export interface Views {
  journey(model: PageModel): string;
  /** Only the content of `div#api`, for custom pages. */
  journeyContent(model: PageModel): string;
  /** The page of a simulated identity provider. */
  provider(model: {
    provider: { name: string; issuer: string };
    fields: { name: string; label: string; type: 'email' | 'text'; value: string }[];
    known: string[];
    error: string | undefined;
    formAction: string;
    csrf: string;
  }): string;
  error(model: {
    detail: string;
    correlationId: string;
    timestamp: string;
    heading: 'h1' | 'h2';
    notice?: string | undefined;
    page?: { layout: PageSettings['layout'] | undefined };
    /** Only the content of `div#api`. */
    isBare?: boolean;
  }): string;
  formPost(model: { redirectUri: string; parameters: [string, string][] }): string;
  /** `frames` are the URLs of front-channel logout. After them, the browser continues to `target`. */
  signedOut(model: { frames: string[]; target: string | undefined }): string;
}

export const createViews = ({ render }: Renderer): Views => ({
  journey: (model) => render(model.template, model),
  journeyContent: (model) => render(model.template, { ...model, isBare: true }),
  provider: (model) =>
    render('simulated-provider', { title: `${model.provider.name}, simulated`, ...model }),
  error: (model) => render('error', { title: 'Something went wrong', ...model }),
  formPost: (model) => render('form-post', { title: 'Back to the application', ...model }),
  signedOut: (model) =>
    render('signed-out', {
      title: 'You are signed out',
      // Leaves time for the frames to load. Works without script.
      refresh: model.target ? `1; url=${model.target}` : undefined,
      ...model,
    }),
});
