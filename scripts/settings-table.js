// Writes the table of settings in docs/configuration.md from the JSON schema of the parser.
const BEGIN = '<!-- This table is made by `npm run build`, from the words in src/config/. -->';
const END = '<!-- The end of the table. -->';

/** Returns `document` with the rows of `settings`. */
export function withSettingsTable(document, { schema, settings }) {
  const [before, inside, ...more] = document.split(BEGIN);
  const [, after] = inside?.split(END) ?? [];
  if (after === undefined || more.length > 0)
    throw new Error('the markers of the table are missing');
  const rows = [...new Map(settings)].map(([path, setting]) => rowOf(schema, path, setting));
  const head = '| setting | default | meaning |\n|---|---|---|';
  return `${before}${BEGIN}\n\n${[head, ...rows].join('\n')}\n\n${END}${after}`;
}

function rowOf(schema, path, { description, default: own }) {
  if (!description) throw new Error(`${path} needs .describe() in src/config/`);
  const otherwise = own ?? defaultAbove(schema, path);
  const given = otherwise === undefined ? '' : `\`${JSON.stringify(otherwise)}\``;
  return `| \`${path}\` | ${isRequired(schema, path) ? 'required' : given} | ${linked(description)} |`;
}

/** The default of a setting that is part of the default of its section. */
function defaultAbove(schema, path) {
  const names = path.split('.');
  const last = names.pop();
  const section = names.reduce((node, name) => node?.properties?.[name], schema);
  return section?.default?.[last];
}

function isRequired(schema, path) {
  let section = schema;
  return path.split('.').every((name) => {
    const isGiven = section?.required?.includes(name) ?? false;
    section = section?.properties?.[name];
    return isGiven;
  });
}

/** Descriptions name the path of a document, for editors; the table links to it. */
const linked = (text) =>
  text.replace(
    /docs\/(configuration\.md)?([a-z-]+\.md)?(#[a-z0-9-]+)?/g,
    (_, here, file = '', section = '') =>
      here ? `[below](${section})` : `[${file}](${file}${section})`,
  );
