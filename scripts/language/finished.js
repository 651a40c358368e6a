/**
 * Documents that are checked: for refused words and for the bounds of measures.js. Add a document when
 * it is rewritten; name others on the command line to check them.
 */
export const FINISHED = [];
