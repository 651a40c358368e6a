/** The accent of the pages in both color schemes: as text and buttons, and `strong` under the pointer. */
export interface AccentColor {
  light: Shades;
  dark: Shades;
}

interface Shades {
  accent: string;
  strong: string;
}

type Rgb = readonly [red: number, green: number, blue: number];

// The backgrounds in style.css with the least contrast, among those on which the accent is text.
export const LIGHT_BACKGROUND = '#eef3fa';
export const DARK_BACKGROUND = '#232d3a';
// WCAG 2.2, 1.4.3: text.
const MIN_CONTRAST = 4.5;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
const STEPS = 100;

export const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

/** The contrast of two colors (WCAG 2.2), from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [lighter = 1, darker = 1] = [luminanceOf(parse(one)), luminanceOf(parse(other))].sort(
    (a, b) => b - a,
  );
  return (lighter + 0.05) / (darker + 0.05);
}

/** How much contrast a color lacks on light pages, and the nearest color that has it. */
export function findContrastIssue(color: string): { contrast: number; better: string } | undefined {
  const contrast = contrastOf(color, LIGHT_BACKGROUND);
  if (contrast >= MIN_CONTRAST) return undefined;
  return { contrast, better: mixUntilReadable(color, { toward: BLACK, on: LIGHT_BACKGROUND }) };
}

/** The shades of a color with enough contrast on light pages; on dark pages it is lighter. */
export function toAccentColor(color: string): AccentColor {
  const dark = mixUntilReadable(color, { toward: WHITE, on: DARK_BACKGROUND });
  return {
    light: { accent: color.toLowerCase(), strong: mix(color, BLACK, 0.25) },
    dark: { accent: dark, strong: mix(dark, WHITE, 0.35) },
  };
}

function mixUntilReadable(color: string, { toward, on }: { toward: Rgb; on: string }): string {
  for (let step = 0; step < STEPS; step += 1) {
    const mixed = mix(color, toward, step / STEPS);
    if (contrastOf(mixed, on) >= MIN_CONTRAST) return mixed;
  }
  return format(toward);
}

const mix = (color: string, other: Rgb, share: number): string =>
  format(parse(color).map((value, i) => value + ((other[i] ?? 0) - value) * share));

const parse = (color: string): number[] =>
  [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));

const format = (values: readonly number[]): string =>
  `#${values.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;

function luminanceOf(values: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = values.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
