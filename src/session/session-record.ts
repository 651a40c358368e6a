import { createSealer } from './sealed-value.ts';
import type { Session } from './session.ts';
import { deriveKey } from './signed-cookie.ts';

/** Sessions as strings for an external store: `<revision> <name of the secret> <sealed session>`. */
export interface SessionRecords<Content> {
  write(key: string, session: Session<Content>): string;
  read(
    key: string,
    record: string,
  ): { kind: 'read'; session: Session<Content> | undefined } | { kind: 'damaged'; detail: string };
  /** Returns the text that only records of this revision begin with. */
  revisionPrefix(revision: number): string;
}

/** The maximum length of a record. The claims of an ID token have a quarter of it at most. */
export const MAX_RECORD_LENGTH = 1 << 20;
// A record and its session take about 16 KiB.
const MAX_OPENED = 1_000;

/**
 * Seals records with the first secret and the key of the session, so a record is invalid under every other
 * key. The name of the secret distinguishes a corrupt record from one that another process has sealed with
 * a secret that this process does not have.
 */
export function createSessionRecords<Content>(secrets: readonly string[]): SessionRecords<Content> {
  const sealer = createSealer(secrets, 'session record');
  const names = secrets.map((secret) =>
    deriveKey(secret, 'name of a secret').toString('base64url').slice(0, 8),
  );
  const revisionPrefix = (revision: number) => `${revision} `;
  // The store is read at each request, but mostly returns the same record again.
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
      const cached = opened.get(key);
      if (cached?.record === record) return { kind: 'read', session: cached.session };
      if (record.length > MAX_RECORD_LENGTH) return { kind: 'damaged', detail: 'too long' };
      const [revision = '', name = '', sealed = ''] = record.split(' ', 3);
      if (!revision || !name || !sealed) return { kind: 'damaged', detail: 'not a record' };
      const session = open(key, record, sealed);
      if (session || !names.includes(name)) return { kind: 'read', session };
      return { kind: 'damaged', detail: 'cannot be decrypted' };
    },
  };
}
