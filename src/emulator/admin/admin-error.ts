/** An error response to a call under `/_emulator/`. */
export class AdminError extends Error {
  readonly status: number;
  readonly details: Record<string, unknown>;

  constructor(status: number, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'AdminError';
    this.status = status;
    this.details = details;
  }
}
