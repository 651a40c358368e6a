type Section = Record<string, unknown>;

/** An input in the native format, and the names that its settings have in the original file. */
export interface NativeInput {
  value: unknown;
  /** By the native name, such as `client.secret`; none for a file in the native format. */
  originalNames?: ReadonlyMap<string, string>;
}

/**
 * Converts configuration files of other software: the `aad.b2c.config.json` of Microsoft's Python
 * sample, and an `appsettings.json` with an `AzureAdB2C` section. Other input is returned unchanged.
 */
export function convertForeignFormat(input: unknown): NativeInput {
  if (!isSection(input)) return { value: input };
  if (isSection(input['AzureAdB2C'])) return convertAppSettings(input['AzureAdB2C']);
  if (isSection(input['b2c']) && isSection(input['client'])) return convertPythonSample(input);
  return { value: input };
}

function convertPythonSample(file: Section): NativeInput {
  const client = sectionIn(file, 'client');
  const flows = sectionIn(file, 'b2c');
  const endpoints = sectionIn(sectionIn(file, 'flask'), 'auth_endpoints');
  const { scopes, redirect_uri: redirectUri } = sectionIn(file, 'auth_request');
  const { prefix, redirect } = endpoints;
  const registered =
    isText(redirectUri) && URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  // The sample writes each policy as the end of a URL: "/B2C_1_susi".
  const policy = (name: string) => {
    const value = flows[name];
    return isText(value) ? value.replace(/^\//, '') : value;
  };
  const callback =
    registered?.pathname ??
    (isText(redirect) ? `${isText(prefix) ? prefix : ''}${redirect}` : redirect);
  return native([
    ['baseUrl', registered?.origin ?? redirectUri, 'auth_request.redirect_uri'],
    ['tenant.authority', client['authority'], 'client.authority'],
    ['client.id', client['client_id'], 'client.client_id'],
    ['client.secret', client['client_credential'], 'client.client_credential'],
    ['policies.signIn', policy('susi'), 'b2c.susi'],
    ['policies.editProfile', policy('profile'), 'b2c.profile'],
    ['policies.resetPassword', policy('password'), 'b2c.password'],
    ['routes.prefix', prefix, 'flask.auth_endpoints.prefix'],
    [
      'routes.callback',
      callback,
      registered ? 'auth_request.redirect_uri' : 'flask.auth_endpoints.redirect',
    ],
    ['scopes', withOfflineAccess(scopes), 'auth_request.scopes'],
  ]);
}

// Last, so that the others keep their positions, which are part of the names of settings.
const withOfflineAccess = (scopes: unknown) =>
  Array.isArray(scopes) && scopes.length > 0 ? [...scopes, 'offline_access'] : undefined;

function convertAppSettings(section: Section): NativeInput {
  const { Instance: url } = section;
  const instance = isText(url) ? url.replace(/\/(tfp\/?)?$/, '') : undefined;
  const tenant = [section['Domain'], section['TenantId']].find(isText);
  const authority = instance && tenant ? `${instance}/${tenant}` : undefined;
  return native([
    ['tenant.authority', authority, `AzureAdB2C.${instance && !tenant ? 'Domain' : 'Instance'}`],
    ['tenant.tenantId', section['TenantId'], 'AzureAdB2C.TenantId'],
    ['client.id', section['ClientId'], 'AzureAdB2C.ClientId'],
    ['client.secret', section['ClientSecret'], 'AzureAdB2C.ClientSecret'],
    ['policies.signIn', section['SignUpSignInPolicyId'], 'AzureAdB2C.SignUpSignInPolicyId'],
    ['policies.editProfile', section['EditProfilePolicyId'], 'AzureAdB2C.EditProfilePolicyId'],
    [
      'policies.resetPassword',
      section['ResetPasswordPolicyId'],
      'AzureAdB2C.ResetPasswordPolicyId',
    ],
    ['routes.callback', section['CallbackPath'] ?? '/signin-oidc', 'AzureAdB2C.CallbackPath'],
  ]);
}

function native(
  settings: readonly [name: string, value: unknown, originalName: string][],
): NativeInput {
  // Present although empty, so that a missing setting is reported by its own name.
  const value: Record<string, unknown> = { tenant: {}, client: {}, policies: {}, session: {} };
  for (const [name, setting] of settings) {
    // Both formats have null or an empty string for what is not set.
    if (setting === undefined || setting === null || setting === '') continue;
    const [section = '', inner] = name.split('.');
    value[section] = inner ? { ...(value[section] as Section), [inner]: setting } : setting;
  }
  const originalNames = new Map(settings.map(([name, , original]) => [name, original]));
  return { value, originalNames };
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sectionIn(section: Section, name: string): Section {
  const inner = section[name];
  return isSection(inner) ? inner : {};
}
