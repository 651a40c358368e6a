// Finds comments and string literals in JavaScript and TypeScript. Knows template literals, also nested
// ones, and regular expressions; everything else is code.

/** After these words a slash begins a regular expression, although they look like names. */
const BEFORE_REGEX =
  /^(return|typeof|case|do|else|in|of|instanceof|new|void|delete|throw|await|yield)$/;

/**
 * Yields each comment and string of `text`: its kind (`comment`, `string`), its text without
 * delimiters, where it starts, and where it ends. A template literal is one string for each part
 * between its placeholders.
 */
export function* tokensOf(text) {
  // For each open brace: whether it closes a block of code or a placeholder of a template literal.
  const braces = [];
  let at = 0;
  let last = '';
  while (at < text.length) {
    const start = at;
    const two = text.slice(at, at + 2);
    const char = text[at];
    if (two === '//' || (two === '#!' && at === 0)) {
      at = endOr(text, '\n', at);
      yield { kind: 'comment', text: text.slice(start + 2, at), start, end: at };
    } else if (two === '/*') {
      at = endOr(text, '*/', at + 2) + 2;
      yield { kind: 'comment', text: text.slice(start + 2, at - 2), start, end: at };
    } else if (char === "'" || char === '"') {
      at = skipQuoted(text, at, char);
      yield { kind: 'string', text: text.slice(start + 1, at - 1), start, end: at };
      last = char;
    } else if (char === '`' || (char === '}' && braces.at(-1) === 'template')) {
      if (char === '}') braces.pop();
      const part = skipTemplatePart(text, at + 1);
      if (part.opens) braces.push('template');
      yield { kind: 'string', text: text.slice(start + 1, part.end), start, end: part.next };
      at = part.next;
      last = part.opens ? '{' : '`';
    } else if (char === '/' && mayBeginRegex(last)) {
      at = skipRegex(text, at);
      last = '/x';
    } else {
      const [word] = /^[\w$]+/.exec(text.slice(at, at + 100)) ?? [char];
      if (char === '{') braces.push('block');
      if (char === '}') braces.pop();
      if (word.trim()) last = word;
      at += word.length;
    }
  }
}

const endOr = (text, what, from) => {
  const at = text.indexOf(what, from);
  return at === -1 ? text.length : at;
};

const mayBeginRegex = (last) =>
  BEFORE_REGEX.test(last) || (!/^[\w$]/.test(last) && !/^([)\]}'"`]|\/x)$/.test(last));

function skipQuoted(text, from, quote) {
  let at = from + 1;
  while (at < text.length && text[at] !== quote && text[at] !== '\n') {
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

function skipTemplatePart(text, from) {
  for (let at = from; at < text.length; at += text[at] === '\\' ? 2 : 1) {
    if (text[at] === '`') return { end: at, next: at + 1, opens: false };
    if (text[at] === '$' && text[at + 1] === '{') return { end: at, next: at + 2, opens: true };
  }
  return { end: text.length, next: text.length, opens: false };
}

function skipRegex(text, from) {
  let inClass = false;
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at += text[at] === '\\' ? 2 : 1) {
    if (text[at] === '[') inClass = true;
    if (text[at] === ']') inClass = false;
    if (text[at] === '/' && !inClass) return at + 1;
  }
  // A division after all.
  return from + 1;
}
