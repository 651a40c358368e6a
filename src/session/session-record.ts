import { createSealer } from './sealed-value.ts';
import type { Session } from './session.ts';
import { deriveKey } from './signed-cookie.ts';

/** A session as a text that a store outside keeps: `<revision> <name of the secret> <sealed session>`. */
export interface SessionRecords<Content> {
  write(key: string, session: Session<Content>): string;
  read(
    key: string,
    record: string,
  ): { kind: 'read'; session: Session<Content> | undefined } | { kind: 'damaged'; detail: string };
  /** How the record of a revision begins, and of no other. */
  revisionPrefix(revision: number): string;
}

// The claims of an ID token have a quarter of it at most.
const MAX_LENGTH = 1 << 20;
// A record and what it opens to have 16 KiB, mostly.
const MAX_OPENED = 1_000;

/**
 * Sealed with the first secret under the key of the session, so that a record opens in its own place
 * alone. The name of the secret tells a record that another process has sealed with a secret that this
 * one does not have, or has no longer, from one that is damaged: only that one is nobody's.
 */
export function createSessionRecords<Content>(secrets: readonly string[]): SessionRecords<Content> {
  const sealer = createSealer(secrets, 'session record');
  const names = secrets.map((secret) =>
    deriveKey(secret, 'name of a secret').toString('base64url').slice(0, 8),
  );
  const revisionPrefix = (revision: number) => `${revision} `;
  // What was opened lately, by its key: the store is asked each time, but mostly gives the same again.
  const opened = new Map<string, { record: string; session: Session<Content> }>();
  const open = (key: string, record: string, sealed: string): Session<Content> | undefined => {
    const session = sealer.open(sealed, key) as Session<Content> | undefined;
    if (session) {
      if (opened.size >= MAX_OPENED) opened.clear();
      opened.set(key, { record, session });
    }
    return session;
  };
  return {
    revisionPrefix,
    write: (key, session) =>
      `${revisionPrefix(session.revision)}${names[0]} ${sealer.seal(session, key)}`,
    read(key, record) {
      const before = opened.get(key);
      if (before?.record === record) return { kind: 'read', session: before.session };
      if (record.length > MAX_LENGTH) return { kind: 'damaged', detail: 'too long' };
      const [revision = '', name = '', sealed = ''] = record.split(' ', 3);
      if (!revision || !name || !sealed) return { kind: 'damaged', detail: 'no record' };
      const session = open(key, record, sealed);
      if (session || !names.includes(name)) return { kind: 'read', session };
      return { kind: 'damaged', detail: 'does not open' };
    },
  };
}
