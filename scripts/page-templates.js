// Signs in on page templates that others wrote: "npm run page-templates -- FOLDER…" with checkouts of
// repositories such as azure-ad-b2c/samples and azure-ad-b2c/html-templates. Every file with a
// <div id="api"> becomes the LoadUri of a custom policy with scripts allowed, and a user signs in in
// Chromium. Other hosts are not contacted: their images, fonts and style sheets are replaced by empty
// ones. A template that loads scripts, frames or APIs from there needs that host and is not counted.
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const CLUB = path.join(import.meta.dirname, '../test/emulator/policy/club');
const SHARE = 0.9;
const folders = process.argv.slice(2).map((folder) => path.resolve(folder));
const executablePath = [
  process.env.CHROMIUM,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
].find((file) => file && existsSync(file));
if (folders.length === 0 || !executablePath) {
  console.error(
    folders.length === 0 ? 'usage: page-templates FOLDER…' : 'Chromium is not installed',
  );
  process.exit(2);
}

await import('./build.js');
const { createEmulator } = await import('../dist/emulator/emulator.js');

/** The page that a template is for, by its name: content definition, policy, and the way of the user. */
const KINDS = {
  phone: {
    names: /multifactor|phonefactor/i,
    content: 'club.phone',
    policy: 'B2C_1A_JoinWithPhone',
    async signIn({ press, code }) {
      await enterPassword(press, '#next');
      await press('#sendCode', { '#number': '5551234567' });
      await press('#verifyCode', { '#verificationCode': await code('+15551234567') });
    },
  },
  choice: {
    names: /idpselector/i,
    content: 'club.choice',
    policy: 'B2C_1A_EditMember',
    async signIn({ press }) {
      await press('#LocalForProfile');
      await enterPassword(press, '#continue');
      await press('#continue');
    },
  },
  form: {
    names: /self.?asserted|profile|registration|deviceinformation|captcha|welcome/i,
    content: 'club.form',
    policy: 'B2C_1A_Join',
    async signIn({ press, reach, code }) {
      await press('#createAccount');
      await press('#email_ver_but_send', { '#email': 'ada@example.com' });
      await reach('#email_ver_input[aria-hidden=false]');
      await press('#email_ver_but_verify', { '#email_ver_input': await code('ada@example.com') });
      await reach('#email_success[aria-hidden=false]');
      const passwords = { '#newPassword': 'Some@word1', '#reenterPassword': 'Some@word1' };
      await press('#continue', { ...passwords, '#displayName': 'Ada' });
    },
  },
  unified: {
    names: /./,
    content: 'club.welcome',
    policy: 'B2C_1A_Join',
    signIn: ({ press }) => enterPassword(press, '#next'),
  },
};

const enterPassword = (press, button) =>
  press(button, { '#signInName': 'alice@example.com', '#password': 'Pass@word1' });

function findTemplates(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.(html?|cshtml)$/i.test(name) && !/[\\/](obj|bin)[\\/]/.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => {
      const text = readFileSync(file, 'utf8');
      return /<html/i.test(text) && /<div[^>]*\bid\s*=\s*["']?api\b/i.test(text);
    })
    .sort();
}

async function tryTemplate(file) {
  const kind = Object.values(KINDS).find(({ names }) => names.test(path.basename(file)));
  const folder = mkdtempSync(path.join(tmpdir(), 'page-template-'));
  writePolicies(folder, kind, file);
  const emulator = await createEmulator({ customPolicies: { folder } });
  // High, because some templates forbid scrolling.
  const context = await browser.newContext({ viewport: { width: 1280, height: 2000 } });
  const seen = { file, needs: new Set(), errors: [], notes: new Set() };
  try {
    await openPage(context, emulator, seen, kind);
    seen.isSignedIn = true;
  } catch (error) {
    seen.errors.push(error.message.split('\n')[0]);
  } finally {
    await context.close();
    await emulator.close();
    rmSync(folder, { recursive: true });
  }
  return seen;
}

/** The policies of the tests, with the template, and the fields that its scripts look for. */
function writePolicies(folder, { content, policy }, file) {
  cpSync(CLUB, folder, { recursive: true });
  // Razor writes one @ as two.
  const template = readFileSync(file, 'utf8').replaceAll('@@', '@');
  writeFileSync(path.join(folder, 'template.html'), template);
  edit(path.join(folder, 'base.xml'), (xml) => {
    const fields = content === 'club.form' ? fieldsOf(template, xml) : [];
    return xml
      .replace(
        new RegExp(
          `(<ContentDefinition Id="${content}">\\s*<LoadUri>)[^<]*([\\s\\S]*?<DataUri>[^<]*:)([\\d.]+)`,
        ),
        (_, start, uri, version) =>
          `${start}template.html${uri}${findLayoutVersion(file) ?? version}`,
      )
      .replace('</ClaimsSchema>', `${fields.map(claimType).join('')}</ClaimsSchema>`)
      .replace(
        /Id="Form-SignUp">[\s\S]*?PartnerClaimType="Verified.Email" Required="true" \/>/,
        (before) => `${before}${fields.map(outputClaim).join('')}`,
      );
  });
  for (const name of readdirSync(folder).filter((one) => one !== 'base.xml')) {
    edit(path.join(folder, name), (xml) => allowScript(xml, policy));
  }
}

/** The page layout in the policies that came with the template, in the nearest folder that has some. */
function findLayoutVersion(file) {
  for (let folder = path.dirname(file); !folders.includes(folder); folder = path.dirname(folder)) {
    const definitions = readContentDefinitions(folder);
    const own = definitions.filter(({ text }) =>
      text.includes(`/${path.basename(file)}</LoadUri>`),
    );
    const ids = own.map(({ id }) => id);
    // A file that changes the page can leave the layout to its base.
    for (const { text } of [...own, ...definitions.filter(({ id }) => ids.includes(id))]) {
      const [, version] = /<DataUri>[^<]*:([\d.]+)<\/DataUri>/.exec(text) ?? [];
      if (version) return version;
    }
  }
  return undefined;
}

const readContentDefinitions = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.xml'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .flatMap((xml) => [...xml.matchAll(CONTENT_DEFINITION)].map(([, id, text]) => ({ id, text })));

const CONTENT_DEFINITION = /<ContentDefinition Id="([^"]+)">([\s\S]*?)<\/ContentDefinition>/g;

const edit = (file, change) => writeFileSync(file, change(readFileSync(file, 'utf8')));
const claimType = (id) =>
  `<ClaimType Id="${id}"><DisplayName>${id}</DisplayName><DataType>string</DataType><UserInputType>TextBox</UserInputType></ClaimType>`;
const outputClaim = (id) => `<OutputClaim ClaimTypeReferenceId="${id}" />`;

function allowScript(xml, policy) {
  if (!xml.includes(`PolicyId="${policy}"`)) return xml;
  const allow = '<ScriptExecution>Allow</ScriptExecution>';
  return xml.includes('</UserJourneyBehaviors>')
    ? xml.replace('</UserJourneyBehaviors>', `${allow}</UserJourneyBehaviors>`)
    : xml.replace(
        /<TechnicalProfile Id="PolicyProfile">/,
        `<UserJourneyBehaviors>${allow}</UserJourneyBehaviors>$&`,
      );
}

/** IDs that scripts of the template name, and that are neither in the template nor in the policy. */
function fieldsOf(template, xml) {
  const scripts = [...template.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/gi)].map(
    ([, code]) => code,
  );
  const named = scripts.join('\n').matchAll(/(?:getElementById\(\s*["']|\$\(\s*["']#)(\w+)["']/g);
  const ids = new Set([...named].map(([, id]) => id));
  const isKnown = (id) =>
    new RegExp(`\\bid\\s*=\\s*["']?${id}\\b`).test(template) ||
    new RegExp(`\\bid *= *["']${id}["']|\\.id = ["']${id}["']`).test(template) ||
    xml.includes(`ClaimType Id="${id}"`) ||
    /^(api|continue|cancel|email_|background_)|Exchange$|_custom$/.test(id);
  return [...ids].filter((id) => !isKnown(id));
}

async function openPage(context, emulator, seen, { policy, signIn }) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  await context.route('**', (route) => answer(route, emulator.url, seen.needs));
  const parameters = new URLSearchParams({
    client_id: emulator.applications[0].id,
    ...{ response_type: 'code', scope: 'openid', redirect_uri: callback, nonce: 'n' },
    ui_locales: 'en-US',
  });
  await page.goto(`${emulator.authority}/${policy}/oauth2/v2.0/authorize?${parameters}`);
  await signIn({
    press: (button, fields) => press(page, button, { fields, notes: seen.notes }),
    reach: (selector) => page.locator(selector).waitFor({ state: 'attached' }),
    code: (email) => mailedCode(emulator, email),
  });
  await page.waitForURL(`${callback}?**code=**`);
}

const PIXEL = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');
const STAND_INS = {
  image: { body: PIXEL, contentType: 'image/gif' },
  font: { body: '', contentType: 'font/woff' },
  media: { body: '' },
  // Without this rule of Bootstrap, the background of many templates covers the form.
  stylesheet: { body: '[class*=col-] { position: relative }', contentType: 'text/css' },
};

function answer(route, own, needs) {
  const request = route.request();
  const { host, origin, protocol } = new URL(request.url());
  if (origin === own || origin === new URL(callback).origin || protocol === 'data:')
    return route.continue();
  const type = request.resourceType();
  if (Object.hasOwn(STAND_INS, type)) return route.fulfill(STAND_INS[type]);
  needs.add(host);
  return route.abort();
}

/** A template can hide a button that its scripts press. */
async function press(page, button, { fields = {}, notes }) {
  for (const [selector, text] of Object.entries(fields)) {
    const field = page.locator(selector);
    await field.waitFor({ state: 'attached' });
    if ((await field.inputValue()) !== text) await field.fill(text, { force: true });
  }
  const target = page.locator(button);
  await target.waitFor({ state: 'attached' });
  if (await target.isVisible()) return target.click();
  notes.add(`${button} is hidden`);
  return target.dispatchEvent('click');
}

async function mailedCode(emulator, email) {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const url = `${emulator.url}/_emulator/mailbox?email=${encodeURIComponent(email)}`;
    const [message] = (await (await fetch(url)).json()).messages;
    if (message) return message.code;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no code was sent to ${email}`);
}

const isGood = ({ isSignedIn, errors }) => isSignedIn && errors.length === 0;

function print(result) {
  const { file, isSignedIn, needs, errors, notes } = result;
  const details = [
    ...(needs.size > 0 ? [`needs ${[...needs].join(', ')}`] : []),
    ...notes,
    ...new Set(errors.map((text) => text.slice(0, 160))),
  ];
  const outcome = isGood(result) ? 'ok    ' : isSignedIn ? 'errors' : 'FAILED';
  console.log(`${outcome}  ${path.relative(process.cwd(), file)}`);
  for (const detail of details) console.log(`          ${detail}`);
}

function report(results) {
  const counted = results.filter(({ needs }) => needs.size === 0);
  const good = counted.filter(isGood);
  console.log(
    `${good.length} of ${counted.length} templates that need no other host sign in without a console error. ${results.length - counted.length} more need one.`,
  );
  if (counted.length === 0 || good.length / counted.length < SHARE) process.exitCode = 1;
}

// An empty application.
const application = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.end('<link rel="icon" href="data:,">');
}).listen(0, '127.0.0.1');
await once(application, 'listening');
const callback = `http://127.0.0.1:${application.address().port}/callback`;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const results = [];
try {
  for (const file of folders.flatMap(findTemplates)) {
    const result = await tryTemplate(file);
    results.push(result);
    print(result);
  }
} finally {
  await browser.close();
  application.close();
}
report(results);
