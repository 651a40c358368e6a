/** Where a form of the dashboard leads, and the message that is shown there. */
import type { IncomingMessage } from 'node:http';
import type { LocalPath } from '../../http/local-path.ts';
import type { AdminBody } from './admin-body.ts';
import { ADMIN_PREFIX, parseName } from './admin-exchange.ts';

interface NextPage {
  page: string;
  done?: keyof typeof DONE;
}

/** By the `done` parameter of the page. */
export const DONE = {
  emptied: 'The inbox is empty.',
  created: 'The user was added.',
  saved: 'The user was saved.',
  deleted: 'The user was deleted.',
  rotated: 'New keys sign from now on.',
  moved: 'The clock was moved.',
  reset: 'Everything is as it was at the start.',
} as const;

/** By method and call. */
const NEXT: Record<string, NextPage> = {
  'DELETE mailbox': { page: 'mailbox', done: 'emptied' },
  'POST accounts': { page: 'accounts', done: 'created' },
  'PATCH accounts/:oid': { page: 'accounts', done: 'saved' },
  'DELETE accounts/:oid': { page: 'accounts', done: 'deleted' },
  'POST keys/rotate': { page: 'tenant', done: 'rotated' },
  'POST clock': { page: 'tenant', done: 'moved' },
  'POST reset': { page: 'tenant', done: 'reset' },
  'POST faults': { page: 'faults' },
  'DELETE faults': { page: 'faults' },
};

/** A form that starts a policy leads to the authorization endpoint. */
export function pageAfterForm(
  request: IncomingMessage,
  { values }: AdminBody,
  result: unknown,
): LocalPath | URL {
  const { key } = parseName(request);
  if (key === 'run') return new URL((result as { url: string }).url);
  const { page, done } = NEXT[`${values['_method'] ?? 'POST'} ${key}`] ?? { page: '' };
  return `${ADMIN_PREFIX}${page}${done ? `?done=${done}` : ''}` as LocalPath;
}

/** The message of a page, after a form. */
export function findNotice(query: URLSearchParams): string | undefined {
  const done = query.get('done') ?? '';
  return Object.hasOwn(DONE, done) ? DONE[done as keyof typeof DONE] : undefined;
}
