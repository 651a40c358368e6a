// The application that each framework serves in its own way: test/clients/host-contract.ts says what
// it answers. `own` is what is not said by a framework's own means.
export const HOME = 'home of the application';
export const NOT_FOUND = 'not found, says the application';
export const BROKEN = 'broken, says the application';

export const ADMINS = { claims: { extension_Role: ['admin'] } };

export const ordersOf = async (signIn, request) =>
  `orders of ${(await signIn.userOf(request)).name}`;
export const tokenFor = async (signIn, request) =>
  `token ${typeof (await signIn.accessToken(request))}`;

/** Also closes connections, which `close()` of a plain server does not. */
export function stopServer(server) {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

export const listen = (server, port) =>
  new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
