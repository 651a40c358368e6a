/** Readers: each takes one member of the policy model from an element, whose path it names. */
import type {
  ClaimsTransformation,
  ClaimType,
  Predicate,
  PredicateValidation,
} from '../policy/claims.ts';
import type { ContentDefinition, LocalizedResources } from '../policy/content.ts';
import type { Origin, Sourced } from '../policy/origin.ts';
import type { SubJourney, UserJourney } from '../policy/policy.ts';
import type { DisplayControl, TechnicalProfile } from '../policy/technical-profile.ts';
import { elementsAt, originOf, sourcedAt, valueAt, type XmlElement } from './xml-element.ts';

/** The model of each kind of definition. */
export interface Models {
  ClaimType: ClaimType;
  Predicate: Predicate;
  PredicateValidation: PredicateValidation;
  ClaimsTransformation: ClaimsTransformation;
  ContentDefinition: ContentDefinition;
  LocalizedResources: LocalizedResources;
  DisplayControl: DisplayControl;
  TechnicalProfile: TechnicalProfile;
  UserJourney: UserJourney;
  SubJourney: SubJourney;
}

/**
 * Gives the model of a definition by its id, the same object each time. An id without a definition gives
 * `undefined`: it was reported with the references, and what refers to it is left out of the model.
 */
export type FindModel = <Kind extends keyof Models>(
  kind: Kind,
  id: string | undefined,
) => Models[Kind] | undefined;

export type Read<Value> = (element: XmlElement, find: FindModel) => Value;

type Readers<Model> = { readonly [Member in keyof Model]: Read<Model[Member]> };

/** An object, from a reader for each of its members. */
export function record<Model extends object>(members: Readers<Model>): Read<Model> {
  const readers = Object.entries<Read<unknown>>(members);
  return (element, find) => {
    const read: Record<string, unknown> = {};
    for (const [name, reader] of readers) read[name] = reader(element, find);
    return read as Model;
  };
}

/** An object with its place. */
export function model<Model extends Origin>(
  members: Readers<Omit<Model, keyof Origin>>,
): Read<Model> {
  const read = record(members);
  return (element, find) => ({ ...originOf(element), ...read(element, find) }) as Model;
}

/** An object that is left out if nothing that it links to exists. */
export function linked<Model extends Origin, Link extends Exclude<keyof Model, keyof Origin>>(
  links: readonly Link[],
  members: Readers<Omit<Model, keyof Origin | Link>> & {
    readonly [Member in Link]: Read<Model[Member] | undefined>;
  },
): Read<Model | undefined> {
  const read = model<Model>(members as unknown as Readers<Omit<Model, keyof Origin>>);
  return (element, find) => {
    const found = read(element, find);
    return links.some((link) => found[link] !== undefined) ? found : undefined;
  };
}

/** The objects of a list, without those that are left out. */
export const list =
  <Item>(path: string, read: Read<Item | undefined>): Read<Item[]> =>
  (element, find) =>
    elementsAt(element, path).flatMap((item) => read(item, find) ?? []);

/** The objects of a list by an attribute; of two with one name the last one. */
export const byName =
  <Item>(path: string, name: string, read: Read<Item>): Read<Map<string, Item>> =>
  (element, find) =>
    new Map(elementsAt(element, path).map((it) => [valueAt(it, name) ?? '', read(it, find)]));

export const reference =
  <Kind extends keyof Models>(kind: Kind, path: string): Read<Models[Kind] | undefined> =>
  (element, find) =>
    find(kind, valueAt(element, path));

/** Reads the first element at a path. */
export const first =
  <Value>(path: string, read: Read<Value>): Read<Value | undefined> =>
  (element, find) => {
    const [found] = elementsAt(element, path);
    return found && read(found, find);
  };

/** A value with the place of its element. */
export const placed =
  <Value>(read: Read<Value>): Read<Sourced<Value>> =>
  (element, find) => ({ ...originOf(element), value: read(element, find) });

/** A text or attribute with its place. */
export const sourced =
  <Text extends string = string>(path: string): Read<Sourced<Text> | undefined> =>
  (element) =>
    sourcedAt(element, path) as Sourced<Text> | undefined;

/** A text or attribute that may be missing. */
export const value =
  (path: string): Read<string | undefined> =>
  (element) =>
    valueAt(element, path);

/** A text or attribute that the check of the structure requires. */
export const text =
  <Text extends string = string>(path: string, standard = ''): Read<Text> =>
  (element) =>
    (valueAt(element, path) ?? standard) as Text;

export const isTrue = (given: string | undefined): boolean => /^(true|1)$/i.test(given ?? '');

export const flag =
  (path: string, standard = false): Read<boolean> =>
  (element) =>
    isTrue(valueAt(element, path) ?? String(standard));

export const integer =
  (path: string, standard: number): Read<number> =>
  (element) => {
    const number = Number(valueAt(element, path) ?? Number.NaN);
    return Number.isInteger(number) ? number : standard;
  };

export const id = text('@Id');
