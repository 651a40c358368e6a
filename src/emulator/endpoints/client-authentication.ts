import { type Application, findApplication } from '../definition/application.ts';
import type { TenantDefinition } from '../definition/tenant.ts';
import { B2cError } from '../tokens/b2c-error.ts';

/**
 * Authenticates the client by `client_secret_basic` or `client_secret_post`.
 * @throws B2cError
 */
export function authenticateClient(
  authorization: string | undefined,
  parameters: URLSearchParams,
  { tenant, applications }: TenantDefinition,
): Application {
  const basic = parseBasic(authorization);
  const clientId = basic?.id ?? parameters.get('client_id');
  if (!clientId) throw new B2cError('AADB2C90083', { name: 'client_id' });
  const client = findApplication(applications, clientId);
  if (!client) throw new B2cError('AADB2C90018', { clientId, tenant: tenant.domain });
  const secret = basic?.secret ?? parameters.get('client_secret');
  if (client.type !== 'web') {
    if (secret) throw new B2cError('AADB2C90084');
    return client;
  }
  if (!secret) throw new B2cError('AADB2C90079');
  if (!client.secrets.includes(secret)) throw new B2cError('AADB2C90081');
  return client;
}

/** ID and secret are form-encoded before base64 (RFC 6749, 2.3.1). */
function parseBasic(authorization = ''): { id: string; secret: string } | undefined {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  return { id: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Some clients do not encode the value, which can contain a percent sign.
    return text;
  }
}
