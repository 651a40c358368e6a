/*
 * Optional: all pages work without it. It shows times in the user's time zone with their distance from now, and
 * copies the claims.
 */
const lang = document.documentElement.lang;
const language = lang.split('-')[0];
// Regions that share a language order day and month differently.
const locale = navigator.languages.find((one) => one.split('-')[0] === language) ?? lang;
const clock = (timeStyle) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle });
const [toTheMinute, toTheSecond] = [clock('short'), clock('long')];
const distance = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

function distanceTo(moment) {
  const seconds = (moment - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['minute', 60];
  return distance.format(Math.trunc(seconds / size), unit);
}

const times = [...document.querySelectorAll('time')].map((element) => {
  const moment = new Date(element.dateTime);
  element.textContent = (moment % 60_000 ? toTheSecond : toTheMinute).format(moment);
  const note = document.createElement('span');
  note.className = 'distance';
  element.after(' ', note);
  return { moment, note };
});

function updateDistances() {
  for (const { moment, note } of times) note.textContent = `(${distanceTo(moment)})`;
}

updateDistances();
setInterval(updateDistances, 20_000);

const button = document.querySelector('[data-copy]');
const text = button && document.getElementById(button.dataset.copy);
if (text && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text.textContent);
    const status = document.getElementById('copied');
    status.textContent = status.dataset.text;
    setTimeout(() => {
      status.textContent = '';
    }, 4_000);
  });
}
