import { convertAppSettings } from './app-settings.ts';
import {
  isSection,
  isText,
  type NativeInput,
  type Section,
  toNativeInput,
} from './native-input.ts';

/**
 * Converts configuration files of other software: the `aad.b2c.config.json` of Microsoft's Python
 * sample, and an `appsettings.json` with an `AzureAdB2C` section. Other input is returned unchanged.
 */
export function convertForeignFormat(input: unknown): NativeInput {
  if (!isSection(input)) return { value: input, issues: [] };
  if (isSection(input['AzureAdB2C'])) return convertAppSettings(input['AzureAdB2C']);
  if (isSection(input['b2c']) && isSection(input['client'])) return convertPythonSample(input);
  return { value: input, issues: [] };
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
  return toNativeInput([
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

function sectionIn(section: Section, name: string): Section {
  const inner = section[name];
  return isSection(inner) ? inner : {};
}
