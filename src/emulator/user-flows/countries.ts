const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Two-letter codes and English names, by name. */
export const COUNTRY_CODES: readonly (readonly [code: string, name: string])[] = LETTERS.flatMap(
  (first) => LETTERS.map((second) => first + second),
)
  .flatMap((code) => {
    const name = NAMES.of(code);
    return name === undefined ? [] : [[code, name] as const];
  })
  .sort(([, left], [, right]) => left.localeCompare(right, 'en'));
