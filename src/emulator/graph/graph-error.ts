/** An error of Microsoft Graph. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'GraphError';
    this.status = status;
    this.code = code;
  }
}

export const badRequest = (message: string): GraphError =>
  new GraphError(400, 'Request_BadRequest', message);

/** Names what there is, so that a test does not search for the cause in the application. */
export const notImplemented = (what: string): GraphError =>
  new GraphError(
    501,
    'NotImplemented',
    `The emulator does not have ${what}. It has GET and POST /v1.0/users, GET, PATCH and DELETE ` +
      '/v1.0/users/{id}, and the query options $filter, $select, $top, $skiptoken and $count.',
  );
