import type { BrowserContext, Page } from 'playwright-core';
import type { EmulatorControl } from './emulator-control.js';

export interface ServerTour {
  page: Page;
  context: BrowserContext;
  /** Where the application is. */
  url: string;
  control: EmulatorControl;
  uiLocales: string;
  /** Called on each page: checks it, or takes a screenshot. */
  show(name: string): Promise<void>;
}

/** Claims as long as real ones can be, for a user with a long name. */
const LONG_CLAIMS = {
  name: 'Wolfeschlegelsteinhausenbergerdorff-Ñandú María del Carmen 👩🏽‍💻 عائشة',
  given_name: '👩🏽‍💻',
  family_name: '',
  extension_Groups: Array.from({ length: 100 }, (_, index) => `Group of people number ${index}`),
  extension_OneWord: 'x'.repeat(300),
  address: { street: 'Rua do Alecrim 12', country: 'PT' },
};

/** Visits every page of the server, in each state that a user can reach. */
export async function tourTheServer(tour: ServerTour): Promise<void> {
  await showSignedOutPages(tour);
  await showFailures(tour);
  await showSignedInPages(tour);
}

function guideOf({ page, url, control, uiLocales, show }: ServerTour) {
  const open = async (path: string) => {
    const query = `${path.includes('?') ? '&' : '?'}ui_locales=${uiLocales}`;
    await page.goto(`${url}${path}${query}`);
  };
  return {
    open,
    async openAndShow(name: string, path: string) {
      await open(path);
      await show(name);
    },
    /** Signs in without the tenant's pages; or is refused there. */
    async signIn(how: Parameters<EmulatorControl['authorize']>[1] = {}) {
      await open('/auth/sign_in');
      await page.goto(await control.authorize(page.url(), { as: 'alice@example.com', ...how }));
    },
  };
}

async function showSignedOutPages(tour: ServerTour) {
  const { openAndShow } = guideOf(tour);
  await openAndShow('status-signed-out', '/');
  await openAndShow('unauthorized', '/auth/token_details');
  await openAndShow('not-found', '/nowhere');
  await openAndShow('signed-out', '/auth/post_sign_out');
}

async function showFailures(tour: ServerTour) {
  const { page, url, control, uiLocales, show } = tour;
  const { open, openAndShow, signIn } = guideOf(tour);
  await openAndShow('failed-without-attempt', '/auth/redirect?state=x');
  await control.fault('wrong_audience', { times: 1 });
  await signIn();
  await show('failed-token');
  await signIn({ error: 'AADB2C90157' });
  await show('failed-refused');
  await control.fault('token_500', { times: 1 });
  await signIn();
  await show('failed-unreachable');
  await open('/auth/post_sign_out');
  await postForm(page, `${url}/?ui_locales=${uiLocales}`);
  await show('failed-method');
  await page.goto('about:blank');
  await postForm(page, `${url}/auth/sign_out?ui_locales=${uiLocales}`);
  await show('failed-foreign-form');
}

/** Posts an empty form from the page that is open, which may be none of the server's. */
async function postForm(page: Page, address: string) {
  await page.evaluate((action) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action });
    document.body.append(form);
    form.submit();
  }, address);
  await page.waitForSelector('.reference');
}

async function showSignedInPages(tour: ServerTour) {
  const { page, context, show } = tour;
  const { openAndShow, signIn } = guideOf(tour);
  await signIn({ claims: LONG_CLAIMS });
  await openAndShow('status-long', '/');
  await openAndShow('claims-long', '/auth/token_details');
  await context.clearCookies();
  await signIn();
  await openAndShow('status-signed-in', '/');
  await openAndShow('claims', '/auth/token_details');
  await page.click('summary');
  await show('claims-json');
  await openAndShow('sessions', '/auth/sessions');
  await openAndShow('sign-out', '/auth/sign_out');
  // The page that redirects stays open when the provider returns no content.
  await context.route('**/logout?**', (route) => route.fulfill({ status: 204 }));
  await page.click('main button');
  await page.waitForSelector('meta[http-equiv=refresh]', { state: 'attached', timeout: 10_000 });
  await show('signing-out');
}
