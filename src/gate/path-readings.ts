// Applications do not agree on the page that a path names. `/shop/index.php/admin` is the page `/admin`
// of a PHP application in `/shop`, and Next.js serves the data of `/admin` at `/_next/data/ID/admin.json`.
// A rule must hold for each of these readings, or the other spelling is a way around the rule.
import type { NormalizedPath } from './normalized-path.ts';

/** A path in segments; `folded` has the same number of segments as `text`. */
interface Segments {
  text: readonly string[];
  folded: readonly string[];
}

// Far more than any honest path needs; without the limits, a path of 16 kB would cost too much time.
const MAX_SEGMENTS = 64;
const MAX_STEPS = 200;

// Quick check for paths with a single reading, which are nearly all.
const MAY_HAVE_READINGS = /\.[a-z0-9]+\/|\/index\/|\/_next\/data\/|\/page-data\/|\/\(/;

// A script with the path of the page behind it (PATH_INFO): `/index.php/admin`. Apache finds `index.php`
// for `/index/admin` too (MultiViews).
const FRONT_CONTROLLER =
  /^index$|\.(?:php\d?|phtml|phar|html?|shtml|f?cgi|fpl|p[lm]|pyc?|wsgi|rbx?|ru|lua|tcl|dll|exe|asp|as[hmp]x|axd|svc|cshtml|vbhtml|jspx?|jsf|faces|xhtml|do|action|cfml?|cfc|nsf)$/;

// Session ID in the path of ASP.NET ("cookieless"): `/(S(lit3py55t21z5v55vlm25s55))/admin`.
const COOKIELESS = /^\((?:[a-z]\([^()]*\))+\)$/;

const PAGE_DATA = 'page-data.json';

const LOCALE = /^[a-z]{2,3}(?:-[a-z0-9]+)*$/;

/**
 * Returns all readings of a path, the path as written first; `undefined` if there are too many of them.
 * `isMountPoint` tells whether a rule names a path that ends in a front controller.
 */
export function findReadings(
  path: NormalizedPath,
  isMountPoint: (path: string) => boolean,
): readonly NormalizedPath[] | undefined {
  if (!MAY_HAVE_READINGS.test(path.folded)) return [path];
  const readings = new Map<string, Segments>();
  const add = ({ text, folded }: Segments) => readings.set(`/${text.join('/')}`, { text, folded });
  const written = { text: path.text.slice(1).split('/'), folded: path.folded.slice(1).split('/') };
  if (written.text.length > MAX_SEGMENTS) return undefined;
  add(written);
  let steps = 0;
  // A Map iterates over entries that are added in the loop: a reading may have readings too.
  for (const segments of readings.values()) {
    for (const reading of readOnce(segments, isMountPoint)) {
      steps += 1;
      if (steps > MAX_STEPS) return undefined;
      add(reading);
    }
  }
  return [...readings].map(([text, { folded }]) => ({ text, folded: `/${folded.join('/')}` }));
}

function* readOnce(
  segments: Segments,
  isMountPoint: (path: string) => boolean,
): Generator<Segments> {
  const { folded, text } = segments;
  for (const [i, segment] of folded.entries()) {
    if (COOKIELESS.test(segment)) yield without(segments, i, 1);
    if (i + 1 < folded.length && FRONT_CONTROLLER.test(segment)) {
      // The page may be relative to the folder of the script, or to any folder above it. A rule that names
      // the script states that its pages are in its own folder.
      const highest = isMountPoint(`/${text.slice(0, i + 1).join('/')}`) ? i : 0;
      for (let base = i; base >= highest; base -= 1) yield without(segments, base, i + 1 - base);
    }
    if (segment === '_next' && folded[i + 1] === 'data' && i + 3 < folded.length) {
      const page = withoutJson(without(segments, i, 3));
      yield page;
      // The first segment may be the locale of the page, which the page itself does not have.
      if (LOCALE.test(folded[i + 3] ?? '')) yield without(page, i, 1);
    }
    if (segment === 'page-data' && folded.at(-1)?.startsWith(PAGE_DATA) && i + 2 < folded.length) {
      yield withoutIndex(without(without(segments, folded.length - 1, 1), i, 1));
    }
  }
}

const without = ({ text, folded }: Segments, start: number, count: number): Segments => ({
  text: text.toSpliced(start, count),
  folded: folded.toSpliced(start, count),
});

/** Removes `.json` from the last segment: Next.js. */
function withoutJson({ text, folded }: Segments): Segments {
  const last = folded.at(-1) ?? '';
  if (!last.endsWith('.json')) return { text, folded };
  const cut = (segments: readonly string[]) =>
    segments.with(-1, String(segments.at(-1)).slice(0, -'.json'.length));
  return withoutIndex({ text: cut(text), folded: cut(folded) });
}

/** The start page is called `index` in the data paths of Next.js and Gatsby. */
const withoutIndex = (segments: Segments): Segments =>
  segments.folded.at(-1) === 'index' ? without(segments, segments.folded.length - 1, 1) : segments;
