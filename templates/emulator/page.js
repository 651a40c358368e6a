/*
 * Sends and checks codes in place, so that handles of page scripts survive a click. The page works
 * without this: the server renders every state of the form, and this takes the new state over.
 */
const IN_PLACE = ['send_code', 'verify_code', 'send_new_code', 'change_claims'];
const TAKEN_OVER = [
  'style',
  'class',
  'aria-hidden',
  'aria-disabled',
  'disabled',
  'readonly',
  'tabindex',
];

// Its buttons are called "action", so `form.action` would be one of them.
const form = document.getElementById('attributeVerification');

form?.addEventListener('submit', async (event) => {
  const { submitter } = event;
  if (submitter?.name !== 'action' || !IN_PLACE.includes(submitter.value)) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, submitter));
  try {
    const answer = await fetch(form.getAttribute('action'), {
      method: 'POST',
      body,
      headers: { Accept: 'text/html' },
    });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('attributeVerification');
    if (fresh) {
      takeOver(form, fresh);
      // The button that was pressed is hidden now: the focus goes where the new page would have it.
      document.getElementById(fresh.querySelector('[autofocus]')?.id ?? 'continue').focus();
    } else document.location.reload();
  } catch {
    document.location.reload();
  }
});

/* Both trees have the same elements: nothing is ever removed from these pages, only hidden. */
function takeOver(old, fresh) {
  for (const name of TAKEN_OVER) {
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
    if (counterpart) takeOver(old.children[index], counterpart);
  }
}
