import { isLoopbackUrl } from './loopback.ts';

export interface Application {
  id: string;
  name: string;
  /** `spa` needs PKCE and, like `native`, must not send a secret. */
  type: 'web' | 'spa' | 'native';
  /** Several can be valid at once, for rotation. */
  secrets: string[];
  redirectUris: string[];
  /** Also accepts every redirect URI on this computer, so that no port has to be registered. */
  anyLoopbackRedirectUri: boolean;
  /** Front-channel logout: loaded in a frame when the user signs out of another application. */
  logoutUrl?: string;
  /** Allows the implicit and hybrid flows: tokens from the authorization endpoint. */
  implicit: { idToken: boolean; accessToken: boolean };
  /** API that the application exposes. Scopes are `<uri>/<name>`; `roles` are for client credentials. */
  api?: { uri: string; scopes: string[]; roles?: string[] };
  /** API scopes that the application may request. Without the list: all scopes. */
  permissions?: string[];
  /** Disabled by an administrator: AADB2C90092. */
  disabled: boolean;
  /** Registered for accounts of an organization, which a policy cannot sign in: AADB2C90068. */
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

/** Compared byte by byte, including port and trailing slash. Entra ID is less strict. */
export function isRegisteredRedirectUri(
  { redirectUris, anyLoopbackRedirectUri }: Application,
  uri: string,
): boolean {
  return redirectUris.includes(uri) || (anyLoopbackRedirectUri && isLoopbackUrl(uri));
}
