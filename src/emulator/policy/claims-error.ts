import type { TechnicalProfile } from './technical-profile.ts';

/**
 * A technical profile or a claims transformation cannot continue. In a validation the page shows the
 * message; in a step it ends the journey with an error for the application.
 */
export class ClaimsError extends Error {
  /** ID of the text, such as `UserMessageIfInvalidPassword`: the page's profile or the language can replace it. */
  readonly messageId: string;
  /** ID of the built-in text, where it differs: two handlers share a message ID and not its default text. */
  readonly textId: string;
  /** A text that comes from outside, such as `userMessage` of a REST API. */
  readonly text: string | undefined;
  /** Values for `{0}`, `{1}` and so on. */
  readonly values: readonly string[];
  /** Error code that the application gets if the journey ends. */
  readonly code: string | undefined;
  /** The profile that refused: its metadata may have the text. */
  profile: TechnicalProfile | undefined;

  constructor(
    messageId: string,
    detail: string,
    options: {
      textId?: string;
      text?: string;
      values?: readonly string[];
      code?: string;
    } = {},
  ) {
    super(detail);
    this.name = 'ClaimsError';
    this.messageId = messageId;
    this.textId = options.textId ?? messageId;
    this.text = options.text;
    this.values = options.values ?? [];
    this.code = options.code;
  }
}

/** The policy or its environment does not allow a step to run: the journey ends with a server error. */
export class JourneyError extends Error {
  override readonly name = 'JourneyError';
  /** A page of the tenant shows this text, and the application gets no response. */
  readonly blockText: string | undefined;

  constructor(detail: string, options: { blockText?: string; cause?: unknown } = {}) {
    super(detail, options);
    this.blockText = options.blockText;
  }
}
