type Section = Record<string, unknown>;

/**
 * Configuration files that people already have, in our own shape: the Python sample's
 * `aad.b2c.config.json` and an `appsettings.json` with an `AzureAdB2C` section. Anything else comes
 * back as it is, for the parser to judge.
 */
export function translated(input: unknown): unknown {
  if (!isSection(input)) return input;
  if (isSection(input['AzureAdB2C'])) return fromAppSettings(input['AzureAdB2C']);
  if (isSection(input['b2c']) && isSection(input['client'])) return fromPythonSample(input);
  return input;
}

function fromPythonSample(file: Section): Section {
  const client = sectionOf(file, 'client');
  const flows = sectionOf(file, 'b2c');
  const endpoints = sectionOf(sectionOf(file, 'flask'), 'auth_endpoints');
  const { scopes, redirect_uri: redirectUri } = sectionOf(file, 'auth_request');
  const prefix = endpoints['prefix'];
  const registered =
    isText(redirectUri) && URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  // The sample writes each policy as the end of an address: "/B2C_1_susi".
  const policy = (name: string) => {
    const value = flows[name];
    return isText(value) ? value.replace(/^\//, '') : value;
  };
  return withoutGaps({
    baseUrl: registered?.origin ?? redirectUri,
    tenant: withoutGaps({ authority: client['authority'] }),
    client: withoutGaps({ id: client['client_id'], secret: client['client_credential'] }),
    policies: withoutGaps({
      signIn: policy('susi'),
      editProfile: policy('profile'),
      resetPassword: policy('password'),
    }),
    routes: withoutGaps({
      prefix,
      callback:
        registered?.pathname ??
        (isText(endpoints['redirect'])
          ? `${isText(prefix) ? prefix : ''}${endpoints['redirect']}`
          : endpoints['redirect']),
    }),
    scopes: Array.isArray(scopes) && scopes.length > 0 ? ['offline_access', ...scopes] : undefined,
    session: {},
  });
}

function fromAppSettings(section: Section): Section {
  const { Instance: address } = section;
  const instance = isText(address) ? address.replace(/\/(tfp\/?)?$/, '') : undefined;
  const tenant = [section['Domain'], section['TenantId']].find(isText);
  return withoutGaps({
    tenant: withoutGaps({
      authority: instance && tenant ? `${instance}/${tenant}` : undefined,
      tenantId: section['TenantId'],
    }),
    client: withoutGaps({ id: section['ClientId'], secret: section['ClientSecret'] }),
    policies: withoutGaps({
      signIn: section['SignUpSignInPolicyId'],
      editProfile: section['EditProfilePolicyId'],
      resetPassword: section['ResetPasswordPolicyId'],
    }),
    routes: withoutGaps({ callback: section['CallbackPath'] ?? '/signin-oidc' }),
    session: {},
  });
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sectionOf = (section: Section, name: string): Section => {
  const inner = section[name];
  return isSection(inner) ? inner : {};
};

// Both formats write null or an empty text where nothing is set.
const withoutGaps = (section: Section): Section =>
  Object.fromEntries(
    Object.entries(section).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    ),
  );
