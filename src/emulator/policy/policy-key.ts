import { createHash } from 'node:crypto';

/** The value of a policy key that is not given. It is the same in every run, so that a REST API can know it. */
export const madeUpKey = (name: string): string =>
  createHash('sha256').update(name.toLowerCase()).digest('base64');
