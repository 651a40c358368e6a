import { classOfHandler, HANDLER_CLASSES } from './handler-table.ts';
import { METADATA_KEYS } from './metadata-keys.ts';
import type { Reporter } from './rules.ts';
import {
  attributeOf,
  attributeValue,
  childOf,
  elementsAt,
  type XmlElement,
} from './xml-element.ts';

const SECRET_KEY =
  /^(?!usermessage|language\.).*(secret|password$|api[-_]?key|access[-_]?key|subscription[-_]?key)/i;
const SECRET_CLAIM =
  /(client[-_]?secret|api[-_]?key|access[-_]?key|subscription[-_]?key|function[-_]?key)/i;
const SECRET_QUERY = /[?&](code|sig|api[-_]?key|subscription-key)=(?!\{)[^&]{8,}/i;

/** Checks what one file says of a profile, whatever other files add. */
export function checkOwnProfile(profile: XmlElement, reporter: Reporter): void {
  const { report, suggest } = reporter;
  const protocol = childOf(profile, 'Protocol');
  if (protocol) checkProtocol(protocol, reporter);
  for (const key of elementsAt(profile, 'CryptographicKeys/Key')) {
    const name = attributeOf(key, 'StorageReferenceId');
    if (name?.value.trim() === '') report('key-without-name', name, {});
  }
  for (const item of elementsAt(profile, 'Metadata/Item')) {
    const key = attributeValue(item, 'Key') ?? '';
    const isLiteral = item.text !== '' && !item.text.startsWith('{');
    if (isLiteral && (SECRET_KEY.test(key) || SECRET_QUERY.test(item.text))) {
      report('secret-in-plain-text', item, { place: `The metadata item "${key}" has` });
    }
    const suggestion = METADATA_KEYS.includes(key) ? '' : suggest(key, METADATA_KEYS);
    if (suggestion !== '') report('unknown-metadata', item, { key, suggestion });
  }
  for (const claim of elementsAt(profile, 'InputClaims/InputClaim')) {
    const id = attributeValue(claim, 'ClaimTypeReferenceId') ?? '';
    const value = attributeOf(claim, 'DefaultValue');
    const isLiteral = value && value.value !== '' && !value.value.includes('{');
    if (!isLiteral || !SECRET_CLAIM.test(id)) continue;
    report('secret-in-plain-text', value, { place: `The default value of "${id}" is` });
  }
}

function checkProtocol(protocol: XmlElement, { report, suggest }: Reporter): void {
  const handler = attributeOf(protocol, 'Handler');
  const isProprietary = attributeValue(protocol, 'Name') === 'Proprietary';
  if (isProprietary && !handler) report('handler-missing', protocol, {});
  if (!isProprietary && handler) report('handler-needless', handler, {});
  if (!isProprietary || !handler) return;
  const name = classOfHandler(handler.value);
  if (HANDLER_CLASSES.includes(name)) return;
  report('unknown-handler', handler, { name, suggestion: suggest(name, HANDLER_CLASSES) });
}
