const MAX_LENGTH = 512;

// The first that fits counts: the later names stand in the earlier browsers' headers too.
const BROWSERS: [pattern: RegExp, name: string][] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [pattern: RegExp, name: string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * What people call their browser, in every language: "Firefox (Windows)"; empty where nothing is known.
 * Nothing of the header itself is kept.
 */
export function detectBrowser(userAgent: string | undefined): string {
  const known = (table: typeof BROWSERS) =>
    table.find(([pattern]) => pattern.test(userAgent?.slice(0, MAX_LENGTH) ?? ''))?.[1];
  const [browser, system] = [known(BROWSERS), known(SYSTEMS)];
  return browser && system ? `${browser} (${system})` : (browser ?? system ?? '');
}
