// The words that texts of this project avoid, and what to write instead.

/** `only` limits a pattern to the beginning of a comment. */
export const REFUSED = [
  {
    pattern: /\b(some|any|every|no)body\b|\bwho(m|se)?ever\b|\b(he|him|his|himself)\b/i,
    advice: 'name the actor (user, client, operator); anyone; they',
  },
  {
    pattern: /\bmend(s|ed|ing)?\b|\bslip of the hand\b|\bAttention:/i,
    advice: 'fix; mistake; warning:',
  },
  {
    pattern: /\b(is|are) none\b|\b(can|cannot|could|to) be had\b/i,
    advice: 'does not exist, is not set; is unavailable',
  },
  { pattern: /\b(is|are|was) away\b/i, advice: 'is unreachable, is down' },
  { pattern: /\bof (its|his|their|your|our) own\b/i, advice: 'your own X; a separate X' },
  {
    pattern: /\banew\b|\bfor ever\b|\bas ever\b|\bmeanwhile\b|\bgo(es)? on\b/i,
    advice: 'again; forever; as before; in the meantime; continue',
  },
  { pattern: /\bletter (by|for) letter\b|\bto the letter\b/i, advice: 'exactly, byte for byte' },
  {
    pattern: /\bthe very (?!first|last|least|best|top|beginning|end|same)\w+/i,
    advice: 'the same',
  },
  {
    pattern: /\bbr(ing|ings|ought) about\b|\bputs? [^.]{0,30}\boff\b/i,
    advice: 'cause, trigger; extend, postpone',
  },
  {
    pattern: /\bhand(s|ed)? (it |them |everything |all )?(else )?on\b(?! (to|with)\b)/i,
    advice: 'forward; pass to the next handler',
  },
  {
    pattern: /\b(is|are|was|be) led\b|\bled (back|on)\b|\bleads? (on|back)\b/i,
    advice: 'redirect, link, return',
  },
  {
    pattern: /\bwell-known address\b|\baddress after signing out\b/i,
    advice: 'discovery URL; post-logout redirect URI',
  },
  {
    pattern: /^\s*(Of|Nor|Who|Whose|Whoever|The same|What(?! if))(?= [a-z`])/,
    only: 'comment start',
    advice: 'start a comment with a verb or a noun',
  },
];

/** Reported with --hints; they do not fail the check. */
export const HINTS = [
  { pattern: /\bbesides\b|\bbut for\b|\bfurther\b/i, advice: 'also, except, additional' },
  { pattern: /\bso (many|long)\b|\b(no|any) more\b/i, advice: 'the number; no longer' },
  { pattern: /\bis no \b/i, advice: 'is not a' },
  {
    pattern: /\b(is|are) told\b|\b(says?|tells?)\b/i,
    advice: 'state the value; responds, returns',
  },
  {
    pattern: /\bstands? (in|for|behind|under)\b|\b(in (the )?place of)\b/i,
    advice: 'is in; instead of',
  },
  { pattern: /\bbeliev|\bvouch|\bspared\b/i, advice: 'trust; avoid' },
  { pattern: /\bsee (that|whether)\b|\blook (at|up)\b/i, advice: 'check, find' },
  { pattern: /\bask(s|ed|ing)?\b|\banswer(s|ed|ing)?\b/i, advice: 'request; respond, response' },
  {
    pattern: /\bwords?\b|\bpeople\b|\bperson\b|\bplaces?\b|\bholds?\b/i,
    advice: 'value; user; URL; contains',
  },
  { pattern: /\bwhat (is|are|was|has)\b/i, advice: 'use a noun' },
  { pattern: /\bin order\b(?! to)|\btakes? \w+ away\b/i, advice: 'OK; remove' },
  { pattern: /\b(behaviour|colour|licence|cancelled)\b/i, advice: 'American spelling' },
];

export const MOST_WORDS = 30;
export const MOST_NEGATIONS = 2;
