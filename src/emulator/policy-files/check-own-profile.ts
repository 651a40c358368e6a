import { classOfHandler, HANDLER_CLASSES } from './handler-table.ts';
import { METADATA_KEYS } from './metadata-keys.ts';
import type { Report, Suggest } from './rules.ts';
import { attributeOf, childOf, elementsAt, type XmlElement } from './xml-element.ts';

const SECRET_KEY =
  /^(?!usermessage|language\.).*(secret|password$|api[-_]?key|access[-_]?key|subscription[-_]?key)/i;
const SECRET_CLAIM =
  /(client[-_]?secret|api[-_]?key|access[-_]?key|subscription[-_]?key|function[-_]?key)/i;
const SECRET_QUERY = /[?&](code|sig|api[-_]?key|subscription-key)=(?!\{)[^&]{8,}/i;

/** Checks what one file says of a profile, whatever other files add. */
export function checkOwnProfile(
  profile: XmlElement,
  { report, suggest }: { report: Report; suggest: Suggest },
): void {
  const protocol = childOf(profile, 'Protocol');
  if (protocol) checkProtocol(protocol, { report, suggest });
  for (const key of elementsAt(profile, 'CryptographicKeys', 'Key')) {
    const name = attributeOf(key, 'StorageReferenceId');
    if (name?.value.trim() === '') {
      report('key-without-name', name, 'The cryptographic key has an empty StorageReferenceId');
    }
  }
  for (const item of elementsAt(profile, 'Metadata', 'Item')) {
    const key = attributeOf(item, 'Key')?.value ?? '';
    const isLiteral = item.text !== '' && !item.text.startsWith('{');
    if (isLiteral && (SECRET_KEY.test(key) || SECRET_QUERY.test(item.text))) {
      report('secret-in-plain-text', item, `The metadata item "${key}" has a secret in plain text`);
    }
    if (METADATA_KEYS.includes(key)) continue;
    const end = suggest(key, METADATA_KEYS);
    if (end !== '') report('unknown-metadata', item, `There is no metadata item "${key}"${end}`);
  }
  const claims = elementsAt(profile, 'InputClaims', 'InputClaim');
  for (const claim of claims) {
    const id = attributeOf(claim, 'ClaimTypeReferenceId')?.value ?? '';
    const value = attributeOf(claim, 'DefaultValue');
    if (!value || value.value === '' || value.value.includes('{') || !SECRET_CLAIM.test(id))
      continue;
    report('secret-in-plain-text', value, `The default value of "${id}" is a secret in plain text`);
  }
}

function checkProtocol(
  protocol: XmlElement,
  { report, suggest }: { report: Report; suggest: Suggest },
): void {
  const handler = attributeOf(protocol, 'Handler');
  const isProprietary = attributeOf(protocol, 'Name')?.value === 'Proprietary';
  if (isProprietary && !handler) report('handler-missing', protocol, 'Proprietary has no Handler');
  if (!isProprietary && handler) {
    report('handler-needless', handler, 'Handler is only for the protocol Proprietary');
  }
  if (!isProprietary || !handler) return;
  const name = classOfHandler(handler.value);
  if (HANDLER_CLASSES.includes(name)) return;
  report(
    'unknown-handler',
    handler,
    `There is no handler "${name}"${suggest(name, HANDLER_CLASSES)}`,
  );
}
