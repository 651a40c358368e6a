export interface Application {
  id: string;
  name: string;
  /** `spa` needs PKCE and, like `native`, must not send a secret. */
  type: 'web' | 'spa' | 'native';
  /** Several may be valid at once, for rotation. */
  secrets: string[];
  redirectUris: string[];
  /** Also accept every redirect URI on this machine, so that no port has to be registered. */
  anyLoopbackRedirectUri: boolean;
  /** Called in a frame when somebody signs out of another application of the same session. */
  logoutUrl?: string;
  /** The two boxes for tokens straight from the authorization endpoint. */
  implicit: { idToken: boolean; accessToken: boolean };
  /** What it offers as an API: scopes are `<uri>/<name>`; `roles` are for client credentials. */
  api?: { uri: string; scopes: string[]; roles?: string[] };
  /** Scopes of APIs that it may ask for; all of them when absent. */
  permissions?: string[];
  /** Switched off by an administrator: AADB2C90092. */
  disabled: boolean;
  /** Registered for accounts of an organisation, which a policy cannot sign in: AADB2C90068. */
  wrongAccountType: boolean;
}

export type ApplicationOptions = Pick<Application, 'id'> &
  Partial<Omit<Application, 'implicit'>> & { implicit?: Partial<Application['implicit']> };

export function defineApplication(options: ApplicationOptions): Application {
  return {
    name: options.id,
    type: 'web',
    secrets: [],
    redirectUris: [],
    anyLoopbackRedirectUri: options.redirectUris === undefined,
    disabled: false,
    wrongAccountType: false,
    ...options,
    implicit: { idToken: false, accessToken: false, ...options.implicit },
  };
}

export function findApplication(
  applications: readonly Application[],
  id: string,
): Application | undefined {
  return applications.find((application) => application.id.toLowerCase() === id.toLowerCase());
}
