import type { Origin } from '../policy/origin.ts';
import type { Reporter } from './rules.ts';
import {
  type AttributeRule,
  type ChildRule,
  ENUMERATIONS,
  type Kind,
  keyOf,
  kindOf,
  parentsOf,
  type ValueType,
} from './structure.ts';
import { attributeOf, attributeValue, type XmlElement } from './xml-element.ts';

const NAMESPACE = 'http://schemas.microsoft.com/online/cpim/schemas/2013/06';
/** `xmlns`, `xsi:schemaLocation` and other attributes of XML itself. */
const OF_XML = /^xmlns$|:/;

const HAS_PLACEHOLDER = /\{Settings:/i;

/** Values that are no enumeration: what they have to match, and how a message calls them. */
const FORMATS: Record<ValueType, readonly [RegExp, string]> = {
  boolean: [/^(true|false|1|0)$/, '"true" or "false"'],
  int: [/^[+-]?\d{1,10}$/, 'a whole number'],
  culture: [/^[a-z]{1,3}(-[a-zA-Z0-9]{2,4}){0,2}$/, 'a language such as "en" or "pt-BR"'],
  PolicyId: [/^[A-Za-z0-9_.-]*[A-Za-z0-9_-]$/, 'letters, digits, "_", "-" and "."'],
};

/** Checks one file against the table of elements. */
export function checkStructure(root: XmlElement, { report, suggest }: Reporter): void {
  const xmlns = attributeOf(root, 'xmlns');
  if (xmlns?.value !== NAMESPACE) {
    const namespace = xmlns ? `the namespace "${xmlns.value}"` : 'no namespace';
    report('namespace', xmlns ?? root, { namespace });
  }
  checkElement(root, kindOf('TrustFrameworkPolicy'));

  function checkElement(element: XmlElement, kind: Kind): void {
    if (kind.isOpen) return;
    checkAttributes(element, kind);
    checkText(element, kind);
    checkChildren(element, kind);
  }

  function checkAttributes(element: XmlElement, kind: Kind): void {
    for (const attribute of element.attributes) {
      const { name } = attribute;
      const rule = kind.attributes.get(name);
      if (rule) checkValue(attribute.value, attribute, { type: rule.type, of: element, name });
      else if (!OF_XML.test(name)) {
        const suggestion = suggest(name, [...kind.attributes.keys()]);
        report('unknown-attribute', attribute, { element: element.name, name, suggestion });
      }
    }
    for (const [name, rule] of kind.attributes) {
      if (!isMissing(element, name, rule)) continue;
      report('attribute-missing', element, { element: element.name, name });
    }
  }

  function checkText(element: XmlElement, kind: Kind): void {
    const { name, text, textOrigin = element } = element;
    if (kind.text !== undefined) checkValue(text, element, { type: kind.text, of: element });
    else if (text !== '') {
      report('text-not-allowed', textOrigin, { element: name, text: shortened(text) });
    } else if (element.isBlank && kind.children.size === 0) {
      report('white-space', element, { element: name });
    }
  }

  function checkValue(
    given: string,
    at: Origin,
    { type, of, name: attribute }: { type: ValueType; of: XmlElement; name?: string },
  ): void {
    // A placeholder without a value is reported as one.
    if (type === 'string' || HAS_PLACEHOLDER.test(given)) return;
    const name = attribute ? `${of.name} ${attribute}` : of.name;
    const value = shortened(given);
    const allowed = ENUMERATIONS.get(type);
    const [format, form = ''] = FORMATS[type] ?? [];
    if (allowed && !allowed.includes(given)) {
      const listed = allowed.length <= 4 ? `: ${allowed.join(', ')}` : '';
      const suggestion = suggest(given, allowed) || listed;
      report('value-not-allowed', at, { name, value, suggestion });
    } else if (format && !format.test(given)) {
      report('value-invalid', at, { name, value, form });
    }
  }

  function checkChildren(element: XmlElement, kind: Kind): void {
    const parent = element.name;
    let last: ChildRule | undefined;
    const seen = new Set<string>();
    for (const child of element.children) {
      const { name } = child;
      const rule = kind.children.get(name);
      if (!rule) {
        reportUnknown(child, parent, kind);
        continue;
      }
      if (last && rule.position < last.position) {
        report('element-order', child, { name, last: last.name, parent });
      }
      last = rule;
      if (rule.isSingle && seen.has(name)) report('element-repeated', child, { parent, name });
      seen.add(name);
      checkElement(child, rule.kind);
    }
    for (const rule of kind.children.values()) {
      const { name } = rule;
      if (rule.isRequired && !seen.has(name)) report('element-missing', element, { parent, name });
      checkKeys(element, rule);
    }
  }

  function checkKeys(element: XmlElement, rule: ChildRule): void {
    if (!rule.repeats) return;
    const taken = new Map<string, XmlElement>();
    const [[attribute = ''] = []] = rule.keys;
    for (const child of element.children) {
      const key = child.name === rule.name ? keyOf(child, rule) : undefined;
      if (key === undefined) continue;
      const first = taken.get(key);
      if (!first) taken.set(key, child);
      else {
        const value = String(attributeValue(child, attribute));
        const { name } = child;
        report(rule.repeats, child, { element: name, key: attribute, value, line: first.line });
      }
    }
  }

  function reportUnknown(child: XmlElement, parent: string, kind: Kind): void {
    const { name } = child;
    const homes = parentsOf(name);
    const places = homes.slice(0, 3).join(' or ');
    if (homes.length > 0) report('misplaced-element', child, { name, parent, places });
    else {
      const suggestion = suggest(name, [...kind.children.keys()]);
      report('unknown-element', child, { parent, name, suggestion });
    }
  }
}

function isMissing(element: XmlElement, name: string, { isRequired, type }: AttributeRule) {
  if (!isRequired) return false;
  const value = attributeValue(element, name);
  return value === undefined || (value === '' && (name === 'Id' || type.startsWith('>')));
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
