type Scheme = Record<'accent' | 'strong', string>;

/** Rules to append to `style.css`: the accent color of the site, for both color schemes. */
export const accentStyle = ({ light, dark }: Record<'light' | 'dark', Scheme>): string =>
  `
:root {${declarations(light)}}
@media screen and (prefers-color-scheme: dark) {:root {${declarations(dark)}}}
`;

const declarations = ({ accent, strong }: Scheme) =>
  ` --accent: ${accent}; --accent-strong: ${strong}; `;
