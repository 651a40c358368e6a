import type { Origin, Sourced } from '../policy/origin.ts';
import { attributeOf, attributeValue, childOf, originOf, type XmlElement } from './xml-element.ts';

export const isTrue = (value: string | undefined): boolean =>
  value !== undefined && /^(true|1)$/i.test(value);

export function sourced<Value>(at: Origin, value: Value): Sourced<Value> {
  return { ...originOf(at), value };
}

/** The text of a child element, with its place. */
export function textOf<Text extends string = string>(
  element: XmlElement,
  name: string,
): Sourced<Text> | undefined {
  const child = childOf(element, name);
  return child && sourced(child, child.text as Text);
}

export function sourcedAttribute<Text extends string = string>(
  element: XmlElement | undefined,
  name: string,
): Sourced<Text> | undefined {
  const attribute = element && attributeOf(element, name);
  return attribute && sourced(attribute, attribute.value as Text);
}

/** The texts of a list by the attribute that names them; of two with one name the last one. */
export function textsBy(
  elements: readonly XmlElement[],
  name: string,
): Map<string, Sourced<string>> {
  return new Map(
    elements.map((element) => [
      attributeValue(element, name) ?? '',
      sourced(element, element.text),
    ]),
  );
}

export const idOf = (element: XmlElement): string => attributeValue(element, 'Id') ?? '';

export const integerOf = (value: string | undefined, otherwise: number): number => {
  const number = Number(value ?? Number.NaN);
  return Number.isInteger(number) ? number : otherwise;
};
