/*
 * Sends and checks codes without loading a new page, so that element references of page scripts stay
 * valid. The page also works without this script: the server renders every state of the form, and this
 * script copies the new state.
 */
const IN_PLACE = ['send_code', 'verify_code', 'send_new_code', 'change_claims'];
const COPIED_ATTRIBUTES = [
  'style',
  'class',
  'aria-hidden',
  'aria-disabled',
  'disabled',
  'readonly',
  'tabindex',
];

// `form.action` would be one of the buttons, because they are named "action".
const form = document.getElementById('attributeVerification');

form?.addEventListener('submit', async (event) => {
  const { submitter } = event;
  if (submitter?.name !== 'action' || !IN_PLACE.includes(submitter.value.split(' ')[0])) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, submitter));
  try {
    const response = await fetch(form.getAttribute('action'), {
      method: 'POST',
      body,
      headers: { Accept: 'text/html' },
    });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const fresh = page.getElementById('attributeVerification');
    if (fresh) {
      copyState(form, fresh);
      // The pressed button is now hidden, so move the focus to where the new page would set it.
      document.getElementById(fresh.querySelector('[autofocus]')?.id ?? 'continue').focus();
    } else document.location.reload();
  } catch {
    document.location.reload();
  }
});

/* Both trees have the same elements: these pages hide elements instead of removing them. */
function copyState(old, fresh) {
  for (const name of COPIED_ATTRIBUTES) {
    const value = fresh.getAttribute(name);
    if (value === null) old.removeAttribute(name);
    else if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.children.length === 0 && !('value' in old && old.tagName === 'INPUT')) {
    if (old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
    return;
  }
  for (let index = 0; index < old.children.length; index += 1) {
    const counterpart = fresh.children[index];
    if (counterpart) copyState(old.children[index], counterpart);
  }
}
