const MAX_LENGTH = 512;

// The first match counts: Edge's header, for example, contains Chrome and Safari too.
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
 * Returns the names of the browser and system, for pages in every language: "Firefox (Windows)". Returns an
 * empty string if both are unknown. Never returns a part of the header.
 */
export function detectBrowser(userAgent: string | undefined): string {
  const known = (table: typeof BROWSERS) =>
    table.find(([pattern]) => pattern.test(userAgent?.slice(0, MAX_LENGTH) ?? ''))?.[1];
  const [browser, system] = [known(BROWSERS), known(SYSTEMS)];
  return browser && system ? `${browser} (${system})` : (browser ?? system ?? '');
}
