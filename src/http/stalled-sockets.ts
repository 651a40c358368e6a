import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * Closes connections whose client has stopped reading: a response is waiting, and no part of it was
 * sent for `limitMs`. Node's own limits cover requests only, and a timeout on every socket would be
 * set again with each request. So this checks the sockets at an interval, and sets a timeout where a
 * response waits. Node takes the progress of writing into account, and resets the timeout when the
 * response is sent.
 */
export function closeStalledSockets(server: Server, limitMs: number): void {
  const sockets = new Set<Socket>();
  const check = () => {
    for (const socket of sockets) {
      if (socket.writableLength > 0 && socket.timeout !== limitMs) socket.setTimeout(limitMs);
    }
  };
  const timer = setInterval(check, limitMs / 4).unref();
  // With TLS, data waits in the TLS socket, not in the accepted socket below it.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('close', () => clearInterval(timer));
}
