import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Parameters of URLs and forms with secret values. */
const PARAMETERS = [
  ...['code', 'state', 'nonce', 'code_verifier', 'client_secret', 'password', 'newPassword'],
  ...['id_token', 'access_token', 'refresh_token', 'id_token_hint'],
];
/** Members of a token response with secret values. */
const MEMBERS = /"(id_token|access_token|refresh_token)"\s*:\s*"([^"]*)"/g;
// Responses of a provider are shorter, except those that are too long on purpose.
const READ_OF_BODY = 1 << 16;

type NoteValue = (kind: string, value: string) => void;

/**
 * Notes all secret values that pass over HTTP in this process: requests and responses of undici, which
 * both test browsers and the program use, and requests of a real browser to a server here.
 */
export function watchWire(note: NoteValue): void {
  const form = (text: string) => {
    for (const [name, value] of new URLSearchParams(text)) {
      if (PARAMETERS.includes(name)) note(name, value);
    }
  };
  const address = (text: string) => text.split(/[?#]/).slice(1).forEach(form);
  const header = (name: string, value: string) => {
    if (name === 'location') address(value);
    if (name === 'cookie') for (const pair of value.split('; ')) note('cookie', pairValue(pair));
    if (name === 'set-cookie') note('cookie', pairValue(value.split(';', 1)[0] ?? ''));
    if (name === 'authorization') note('authorization', value.slice(value.indexOf(' ') + 1));
  };
  const headers = (pairs: unknown[]) => {
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      header(String(pairs[i]).toLowerCase(), String(pairs[i + 1]));
    }
  };
  const bodies = new WeakMap<object, string>();

  on<{ request: Sent }>('undici:request:create', ({ request }) => {
    address(request.path);
    if (Array.isArray(request.headers)) headers(request.headers);
  });
  on<{ chunk: unknown }>('undici:request:bodyChunkSent', ({ chunk }) => form(String(chunk)));
  on<{ response: { headers: unknown[] } }>('undici:request:headers', ({ response }) =>
    headers(response.headers),
  );
  on<{ request: Sent; chunk: unknown }>('undici:request:bodyChunkReceived', (message) => {
    const before = bodies.get(message.request) ?? '';
    if (before.length > READ_OF_BODY) return;
    const text = before + String(message.chunk);
    bodies.set(message.request, text);
    if (!text.startsWith('{')) return;
    for (const [, name = '', value = ''] of text.matchAll(MEMBERS)) note(name, value);
  });
  on<{ request: IncomingMessage }>('http.server.request.start', ({ request }) => {
    address(request.url ?? '');
    headers(request.rawHeaders);
  });
}

interface Sent {
  path: string;
  headers: unknown;
}

function on<Message>(channel: string, listener: (message: Message) => void): void {
  subscribe(channel, (message) => listener(message as Message));
}

const pairValue = (pair: string) => pair.slice(pair.indexOf('=') + 1);
