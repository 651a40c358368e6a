import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * Closes connections whose peer has stopped reading: an answer waits to be sent, and for `limitMs`
 * nothing of it has gone. Node's limits watch requests only, and a timeout on every socket would be
 * set anew with each request; so this looks now and then, and sets it where something waits. Node
 * takes the progress of writing into account, and sets the timeout back when the answer has gone.
 */
export function closeStalledSockets(server: Server, limitMs: number): void {
  const sockets = new Set<Socket>();
  const look = () => {
    for (const socket of sockets) {
      if (socket.writableLength > 0 && socket.timeout !== limitMs) socket.setTimeout(limitMs);
    }
  };
  const timer = setInterval(look, limitMs / 4).unref();
  // What waits to be sent over TLS waits in the socket above the one that was accepted.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('close', () => clearInterval(timer));
}
