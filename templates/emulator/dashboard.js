/*
 * Copies with one click, and shows new mail, requests and traces as they arrive. Without this script, every
 * page shows the same values, and the state at the time of loading.
 */
const status = document.getElementById('status');

function say(text) {
  status.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => {
    status.textContent = '';
  }, 4000);
}

/* Copying */

/** Turns the value of each `data-copy` into a button. */
function addCopyButtons(root) {
  for (const holder of root.querySelectorAll('[data-copy]')) {
    if (holder.matches('button')) {
      holder.hidden = false;
      continue;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.title = 'Copy';
    button.append(...holder.childNodes);
    holder.append(button);
  }
}

async function copy(holder) {
  const text = holder.dataset.copy || holder.textContent;
  try {
    await navigator.clipboard.writeText(text);
    say(text.length > 40 ? 'Copied' : `Copied ${text}`);
  } catch {
    // Browsers allow the clipboard on HTTPS and on this computer only.
    getSelection().selectAllChildren(holder);
    say('Press Ctrl+C to copy');
  }
}

document.addEventListener('click', ({ target }) => {
  const holder = target.closest('button')?.closest('[data-copy]');
  if (holder) copy(holder);
});

/* Live regions: what the server renders, without a new page */

const rendered = new Map();
for (const region of document.querySelectorAll('[data-live]')) {
  rendered.set(region.id, region.innerHTML);
}
addCopyButtons(document);

function update(region, fresh) {
  if (rendered.get(region.id) === fresh.innerHTML) return;
  // Text that the user has selected stays until the next change.
  const selection = getSelection();
  if (!selection.isCollapsed && region.contains(selection.anchorNode)) return;
  rendered.set(region.id, fresh.innerHTML);
  const keys = new Set(
    [...region.querySelectorAll('[data-key]')].map(({ dataset }) => dataset.key),
  );
  for (const details of region.querySelectorAll('details[open]')) {
    const same = details.id && fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = true;
  }
  const values = [...region.querySelectorAll('select, input[id]')].map(({ id, value }) => [
    id,
    value,
  ]);
  const focus = focusPath(region);
  addCopyButtons(fresh);
  const added = [...fresh.querySelectorAll('[data-key]')].filter(
    ({ dataset }) => !keys.has(dataset.key),
  );
  for (const row of added) row.classList.add('new');
  region.replaceChildren(...fresh.childNodes);
  for (const [id, value] of values) {
    const control = document.getElementById(id);
    if (control) control.value = value;
  }
  restoreFocus(region, focus);
  if (added.length > 0 && region.dataset.live !== '') say(region.dataset.live);
}

/** The focused element: its ID, or its row and its place in the row. */
function focusPath(region) {
  const element = document.activeElement;
  if (!region.contains(element) || element === region) return undefined;
  const row = element.closest('[data-key]');
  const inRow = row ? [...row.querySelectorAll(FOCUSABLE)].indexOf(element) : -1;
  return { id: element.id, key: row?.dataset.key, inRow };
}

const FOCUSABLE = 'a, button, summary, input, select';

function restoreFocus(region, focus) {
  if (!focus) return;
  const row = [...region.querySelectorAll('[data-key]')].find(
    ({ dataset }) => dataset.key === focus.key,
  );
  const element = focus.id
    ? document.getElementById(focus.id)
    : row?.querySelectorAll(FOCUSABLE)[focus.inRow];
  element?.focus({ preventScroll: true });
}

let isLoading = false;
let isOutdated = false;

async function refresh() {
  isOutdated = true;
  if (isLoading) return;
  isLoading = true;
  try {
    while (isOutdated) {
      isOutdated = false;
      const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      document.body.dataset.version = page.body.dataset.version;
      for (const region of document.querySelectorAll('[data-live]')) {
        const fresh = page.getElementById(region.id);
        if (fresh) update(region, document.importNode(fresh, true));
      }
    }
  } catch {
    // The emulator has stopped. The next event comes when it runs again.
  } finally {
    isLoading = false;
  }
}

/* Events. A page in the background closes its connection, because browsers open few to one host. */

let source;

function connect() {
  if (source || document.hidden) return;
  source = new EventSource('/_emulator/events');
  source.onmessage = ({ data }) => {
    if (data !== document.body.dataset.version) refresh();
  };
  source.onerror = () => {
    if (source?.readyState === EventSource.CLOSED) {
      say('Too many pages of the dashboard are open. Reload this page to see what is new.');
    }
  };
}

function disconnect() {
  source?.close();
  source = undefined;
}

document.addEventListener('visibilitychange', () => (document.hidden ? disconnect() : connect()));
addEventListener('pagehide', disconnect);
addEventListener('pageshow', connect);
connect();

/* A link to a request opens it. */
const linked = document.getElementById(location.hash.slice(1));
if (linked instanceof HTMLDetailsElement) linked.open = true;
