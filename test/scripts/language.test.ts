import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

interface Finding {
  line: number;
  words: string;
  advice: string;
}

const { findingsIn, hintsIn } = (await import(
  new URL('../../scripts/language/findings.js', import.meta.url).href
)) as Record<'findingsIn' | 'hintsIn', (file: string, content: string) => Finding[]>;

const wordsIn = (file: string, content: string) =>
  findingsIn(file, content).map(({ line, words }) => `${line}: ${words}`);

describe('the language check refuses', () => {
  const refused: [title: string, file: string, content: string, found: string][] = [
    ['an unnamed actor in a line comment', 'src/a.ts', 'f();\n// Nobody is asked.', '2: Nobody'],
    [
      'words in the middle of a JSDoc comment',
      'src/a.ts',
      '/**\n * Ends.\n * Then it goes on.\n */',
      '3: goes on',
    ],
    [
      'words that two lines of a comment share',
      'src/a.ts',
      '// The service is\n// away for now.',
      '1: is away',
    ],
    ['words in a comment behind code', 'src/a.ts', 'f(); // made anew', '1: anew'],
    ['a comment that begins with "What"', 'src/a.ts', '/** What a user gets. */', '1: What'],
    [
      'a JSDoc comment that begins with "Of" on its second line',
      'src/a.ts',
      '/**\n * Of each user one.\n */',
      '2: Of',
    ],
    ['a string of several words', 'src/a.ts', "throw new Error('to be mended');", '1: mended'],
    [
      'a template literal behind a placeholder',
      'src/a.ts',
      `log(\`$\{\`$\{a}\`} can be had\`);`,
      '1: can be had',
    ],
    [
      'a string behind a regular expression with quotes',
      'src/a.ts',
      "a.replace(/['\"`/]/, 'for ever and ever');",
      '1: for ever',
    ],
    ['the title of a test', 'test/a.test.ts', "test('whoever comes', () => {});", '1: whoever'],
    [
      'the title of a suite',
      'test/a.test.ts',
      "describe('the very address', () => {});",
      '1: the very address',
    ],
    [
      'the title of a row',
      'test/a.test.ts',
      "const rows = [\n  ['a client and nobody', 1],\n];",
      '2: nobody',
    ],
    [
      'a name of a row',
      'test/a.test.ts',
      "const rows = [{ name: 'to the letter' }];",
      '1: to the letter',
    ],
    [
      'a text of the pages',
      'templates/languages/en.json',
      '{\n "a": "the well-known address"\n}',
      '2: well-known address',
    ],
    ['a comment in a stylesheet', 'templates/site.css', 'a {}\n/* handed on */', '2: handed on'],
    [
      'a comment in a template',
      'templates/a.eta',
      '<p>\n<!-- the browser is led on -->',
      '2: is led',
    ],
    ['a comment of nginx', 'docs/gate/nginx.conf', 'a;\n  # Meanwhile this', '2: Meanwhile'],
    ['a comment behind a setting of YAML', 'compose.yaml', 'a: b # of its own', '1: of its own'],
    [
      'a sentence of Markdown over two lines',
      'README.md',
      '# A\n\nThis puts the\nend off.',
      '3: puts the end off',
    ],
    [
      'an item of a Markdown list',
      'README.md',
      '- one\n- none of them, and it is none\n',
      '2: is none',
    ],
    [
      'a cell of a Markdown table',
      'README.md',
      '| a | b |\n|---|---|\n| c | Attention: hot |',
      '3: Attention:',
    ],
  ];
  for (const [title, file, content, found] of refused) {
    test(title, () => assert.deepEqual(wordsIn(file, content), [found]));
  }

  test('and says what to write instead', () => {
    assert.deepEqual(findingsIn('src/a.ts', '// it goes on'), [
      {
        line: 1,
        words: 'goes on',
        advice: 'again; forever; as before; in the meantime; continue',
      },
    ]);
  });
});

describe('the language check accepts', () => {
  const accepted: [title: string, file: string, content: string][] = [
    ['plain comments', 'src/a.ts', '// Returns the user of the session.\n/** Ends the session. */'],
    ['names in code', 'src/a.ts', 'const nobody = meanwhile / 2; himself();'],
    ['inline code in a comment', 'src/a.ts', '// The name `nobody` is an account of Linux.'],
    ['URLs', 'docs/a.md', 'See https://example.com/whoever/anew for more.'],
    ['a single word as a value', 'src/a.ts', "const user = 'nobody';"],
    ['a text of Microsoft', 'src/a.ts', "'AADB2C90118: The user has forgotten his password'"],
    ['data in a test', 'test/a.test.ts', "send({ sub: 'somebody else' });"],
    ['a regular expression', 'src/a.ts', 'const a = /nobody is away/; // a rule'],
    ['a division between two comments', 'src/a.ts', 'a = b / c; // one\nd = e / f; // two'],
    ['a code fence in Markdown', 'README.md', '```sh\nnobody goes on\n```\n\nPlain.'],
    ['a number sign in a string of YAML', 'compose.yaml', "a: '#nobody'"],
    ['"what if" and "who" in a sentence', 'src/a.ts', '// What if it fails? Users who wait.'],
    ['"hands on to", which names a receiver', 'src/a.ts', '// Then it hands on to the next.'],
  ];
  for (const [title, file, content] of accepted) {
    test(title, () => assert.deepEqual(findingsIn(file, content), []));
  }
});

test('hints name long sentences, many negations and British spellings', () => {
  const long = `// ${'word '.repeat(31)}end.\n\n// Not this, not that and never those.\n\n// The colour.`;
  const advice = hintsIn('src/a.ts', long).map(({ line, words }) => `${line}: ${words}`);
  assert.ok(advice.includes('1: 32 words'), advice.join());
  assert.ok(advice.includes('3: 3 negations'), advice.join());
  assert.ok(advice.includes('5: colour'), advice.join());
});
