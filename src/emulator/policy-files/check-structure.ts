import type { Origin } from '../policy/origin.ts';
import type { Report, RuleId, Suggest } from './rules.ts';
import {
  type AttributeRule,
  type ChildRule,
  enumerationOf,
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
const PATTERNS: Record<ValueType, { pattern: RegExp; name: string }> = {
  boolean: { pattern: /^(true|false|1|0)$/, name: '"true" or "false"' },
  int: { pattern: /^[+-]?\d{1,10}$/, name: 'a whole number' },
  culture: {
    pattern: /^[a-z]{1,3}(-[a-zA-Z0-9]{2,4}){0,2}$/,
    name: 'a language such as "en" or "pt-BR"',
  },
  PolicyId: {
    pattern: /^[A-Za-z0-9_.-]*[A-Za-z0-9_-]$/,
    name: 'letters, digits, "_", "-" and "."',
  },
};

/** Checks one file against the table of elements. */
export function checkStructure(
  root: XmlElement,
  { report, suggest }: { report: Report; suggest: Suggest },
): void {
  const namespace = attributeValue(root, 'xmlns');
  if (namespace !== NAMESPACE) {
    const what = namespace === undefined ? 'no namespace' : `the namespace "${namespace}"`;
    report('namespace', attributeOf(root, 'xmlns') ?? root, `TrustFrameworkPolicy has ${what}`);
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
      const rule = kind.attributes.get(attribute.name);
      if (rule) checkValue(attribute, rule.type, `${element.name} ${attribute.name}`);
      else if (!OF_XML.test(attribute.name)) {
        const end = suggest(attribute.name, [...kind.attributes.keys()]);
        report(
          'unknown-attribute',
          attribute,
          `${element.name} has no attribute ${attribute.name}${end}`,
        );
      }
    }
    for (const [name, rule] of kind.attributes) {
      if (isMissing(element, name, rule)) {
        report('attribute-missing', element, `${element.name} has no ${name}`);
      }
    }
  }

  function checkText(element: XmlElement, kind: Kind): void {
    if (kind.text !== undefined) {
      if (kind.text !== 'string')
        checkValue({ ...element, value: element.text }, kind.text, element.name);
    } else if (element.text !== '') {
      report(
        'text-not-allowed',
        element.textOrigin ?? element,
        `${element.name} has text: "${shortened(element.text)}"`,
      );
    } else if (element.isBlank && kind.children.size === 0) {
      report('white-space', element, `${element.name} has white space between its tags`);
    }
  }

  function checkValue(at: Origin & { value: string }, type: ValueType, name: string): void {
    const { value } = at;
    // A placeholder without a value is reported as one.
    if (HAS_PLACEHOLDER.test(value)) return;
    const allowed = enumerationOf(type);
    const pattern = PATTERNS[type];
    if (allowed && !allowed.includes(value)) {
      const listed = allowed.length <= 4 ? `: ${allowed.join(', ')}` : '';
      const end = suggest(value, allowed) || listed;
      report('value-not-allowed', at, `${name} cannot be "${shortened(value)}"${end}`);
    } else if (pattern && !pattern.pattern.test(value)) {
      report('value-invalid', at, `${name} is "${shortened(value)}" and has to be ${pattern.name}`);
    }
  }

  function checkChildren(element: XmlElement, kind: Kind): void {
    let last: ChildRule | undefined;
    const seen = new Set<string>();
    for (const child of element.children) {
      const rule = kind.children.get(child.name);
      if (!rule) {
        reportUnknown(child, element, kind);
        continue;
      }
      if (last && rule.position < last.position) {
        report(
          'element-order',
          child,
          `${child.name} has to stand before ${last.name} in ${element.name}`,
        );
      }
      last = rule;
      if (rule.isSingle && seen.has(child.name)) {
        report('element-repeated', child, `${element.name} has a second ${child.name}`);
      }
      seen.add(child.name);
      checkElement(child, rule.kind);
    }
    for (const rule of kind.children.values()) {
      if (rule.isRequired && !seen.has(rule.name)) {
        report('element-missing', element, `${element.name} has no ${rule.name}`);
      }
      if (rule.repeats !== 'allowed') checkKeys(element, rule);
    }
  }

  function checkKeys(element: XmlElement, rule: ChildRule): void {
    const taken = new Map<string, XmlElement>();
    const id: RuleId = rule.repeats === 'error' ? 'duplicate-id' : 'duplicate-item';
    for (const child of element.children) {
      const key = child.name === rule.name ? keyOf(child, rule) : undefined;
      if (key === undefined) continue;
      const first = taken.get(key);
      if (first) report(id, child, twice(child, rule, first));
      else taken.set(key, child);
    }
  }

  function reportUnknown(child: XmlElement, parent: XmlElement, kind: Kind): void {
    const homes = parentsOf(child.name);
    if (homes.length > 0) {
      const place = homes.slice(0, 3).join(' or ');
      report(
        'misplaced-element',
        child,
        `${child.name} is not allowed in ${parent.name}, but in ${place}`,
      );
      return;
    }
    const end = suggest(child.name, [...kind.children.keys()]);
    report('unknown-element', child, `${parent.name} has no element ${child.name}${end}`);
  }
}

function isMissing(element: XmlElement, name: string, rule: AttributeRule): boolean {
  if (!rule.isRequired) return false;
  const value = attributeValue(element, name);
  return value === undefined || (value === '' && (name === 'Id' || rule.type.startsWith('>')));
}

const twice = (child: XmlElement, rule: ChildRule, first: XmlElement) => {
  const name = rule.keys[0]?.[0] ?? '';
  return `${child.name} ${name} "${attributeValue(child, name)}" is in line ${first.line} too`;
};

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
