/** Page variants of real tenants that scripts and tests depend on. */
export interface PageSettings {
  /** Page frame around `#api`. */
  layout: 'oceanBlue' | 'classic';
  /** Custom page: a file, or a URL on this computer, with a `<div id="api">`. Replaces the frame. */
  content?: string;
  /** Allows scripts in the custom page. B2C has the same setting per policy. */
  allowScript: boolean;
  /**
   * `selfAsserted`: fields and `#continue` in `form#attributeVerification`. `identifierFirst`: the sign-in
   * name and `#continue`, then the password and `#next`.
   */
  signIn: 'unified' | 'selfAsserted' | 'identifierFirst';
  /** Sign-up and inline reset: `#createAccount` and `#forgotPassword`, or buttons of claims exchanges. */
  accountLinks: 'links' | 'buttons';
  /**
   * Element IDs of the email verification: `control` has `…_but_send_code`, `builtIn` has `email_ver_*`.
   * `onContinue`: a control whose code is mailed and checked by `#continue`.
   */
  emailVerification: 'control' | 'builtIn' | 'onContinue' | 'none';
  errorHeading: 'h1' | 'h2';
  /** The phone page has one button for both steps instead of `#sendCode` and `#verifyCode`. */
  singlePhoneButton: boolean;
  ids: ElementIds;
}

export interface ElementIds {
  /** Field of the sign-in name: `email`, `UserId`, `signInName`, `logonIdentifier`. */
  identifier: string;
  email: string;
  verificationControl: string;
  verificationCode: string;
  newPassword: string;
  phoneNumber: string;
}

export type PageOptions = Partial<Omit<PageSettings, 'ids'>> & { ids?: Partial<ElementIds> };

/** The defaults differ between user flows and custom policies. Most page scripts depend on them. */
export function definePages(
  options: PageOptions,
  { custom, signInName }: { custom: boolean; signInName: 'email' | 'userName' },
): PageSettings {
  return {
    layout: 'oceanBlue',
    allowScript: false,
    signIn: 'unified',
    accountLinks: 'links',
    emailVerification: custom ? 'builtIn' : 'control',
    errorHeading: 'h1',
    singlePhoneButton: false,
    ...options,
    ids: {
      identifier: custom ? 'signInName' : signInName === 'userName' ? 'UserId' : 'email',
      email: 'email',
      verificationControl: 'emailVerificationControl',
      verificationCode: custom ? 'verificationCode' : 'emailVerificationCode',
      newPassword: 'newPassword',
      phoneNumber: 'number',
      ...options.ids,
    },
  };
}
