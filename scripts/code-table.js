// The table of provider codes in docs/errors.md, from src/oidc/.
const BEGIN = '<!-- `npm run build` writes this table from src/oidc/. -->';
const END = '<!-- End of the table. -->';

/** `document` with one row for each code of the modules `provider-codes` and `code-category`. */
export function withCodeTable(
  document,
  { EXPLAINED_CODES, explainCode, categorizeCode },
  categories,
) {
  const [before, inside, ...more] = document.split(BEGIN);
  const [, after] = inside?.split(END) ?? [];
  if (after === undefined || more.length > 0) throw new Error('the marks of the table are missing');
  const rows = EXPLAINED_CODES.map((code) => {
    const category = categorizeCode(code);
    const { cause, fix } = explainCode(code);
    return `| \`${code}\` | ${category} | ${cause} | ${effectOf(code, category, categories)} | ${fix} |`;
  });
  const head =
    '| code | category | cause | what b2c-signin does | what to do |\n|---|---|---|---|---|';
  return `${before}${BEGIN}\n\n${[head, ...rows].join('\n')}\n\n${END}${after}`;
}

const OTHER_EFFECTS = {
  grant: '`grant_refused`',
  page: 'nothing: B2C shows it on its own page',
};

function effectOf(code, category, categories) {
  // Codes of Microsoft Entra are only explained: the OAuth error decides.
  if (code.startsWith('AADSTS')) return '`sign_in_refused` or `provider_refused`';
  const { action } = categories[category];
  if (!action) return OTHER_EFFECTS[category] ?? '`provider_refused`';
  if (action.kind === 'start-policy') return `starts \`policies.${action.policy}\`, then signs in`;
  return action.kind === 'go-back' ? 'redirects to the return path' : `\`${action.code}\``;
}
