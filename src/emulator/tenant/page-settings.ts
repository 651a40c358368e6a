/** What a policy's pages look like to a script: the variants that real tenants have. */
export interface PageSettings {
  /** The frame around `#api`. */
  layout: 'oceanBlue' | 'classic';
  /** A file, or an address on this computer, whose `<div id="api">` is filled instead of the frame. */
  content?: string;
  /** Whether scripts of that file run: a switch of the policy at B2C too. */
  allowScript: boolean;
  /** `selfAsserted`: fields and `#continue` in `form#attributeVerification`. */
  signIn: 'unified' | 'selfAsserted';
  /** `control`: `…_but_send_code` and its family; `builtIn`: `email_ver_*`. */
  emailVerification: 'control' | 'builtIn' | 'none';
  errorHeading: 'h1' | 'h2';
  /** One button of the phone page for both steps, instead of `#sendCode` and `#verifyCode`. */
  singlePhoneButton: boolean;
  ids: ElementIds;
}

export interface ElementIds {
  /** Of the sign-in name: `email`, `UserId`, `signInName`, `logonIdentifier`. */
  identifier: string;
  email: string;
  verificationControl: string;
  verificationCode: string;
  newPassword: string;
  phoneNumber: string;
}

export type PageOptions = Partial<Omit<PageSettings, 'ids'>> & { ids?: Partial<ElementIds> };

/** User flows and custom policies differ in what two thirds of all page scripts rely on. */
export function definePages(
  options: PageOptions,
  { custom, signInName }: { custom: boolean; signInName: 'email' | 'userName' },
): PageSettings {
  return {
    layout: 'oceanBlue',
    allowScript: false,
    signIn: 'unified',
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
