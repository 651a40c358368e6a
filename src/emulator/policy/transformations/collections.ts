import { isEqual, isOn, list, type Method, type MethodCall, parameter, text } from './method.ts';

function withItem(call: MethodCall, item: string | undefined) {
  const known = list<string>(call, 'collection');
  const isNew = item !== undefined && !known.includes(item);
  return { collection: isNew ? [...known, item] : known.length > 0 ? known : undefined };
}

const hasItem = (call: MethodCall, name: string, item: string | undefined): boolean =>
  item !== undefined &&
  list<string>(call, name).some((one) => isEqual(one, item, isOn(call, 'ignoreCase')));

export const COLLECTION_METHODS = {
  AddItemToStringCollection: (call) => withItem(call, text(call, 'item')),
  AddParameterToStringCollection: (call) => withItem(call, parameter(call, 'item')),
  GetSingleItemFromStringCollection: (call) => ({
    extractedItem: list<string>(call, 'collection')[0],
  }),
  StringCollectionContains: (call) => ({
    outputClaim: hasItem(call, 'inputClaim', parameter(call, 'item')),
  }),
  StringCollectionContainsClaim: (call) => ({
    outputClaim: hasItem(call, 'collection', text(call, 'item')),
  }),
  StringJoin(call) {
    const items = list<string>(call, 'inputClaim');
    const joined = items.join(parameter(call, 'delimiter') ?? '');
    return { outputClaim: items.length > 0 ? joined : undefined };
  },
  StringSplit(call) {
    const value = text(call, 'inputClaim');
    const delimiter = parameter(call, 'delimiter') ?? '';
    if (value === undefined) return { outputClaim: undefined };
    return { outputClaim: delimiter === '' ? [value] : value.split(delimiter) };
  },
} satisfies Record<string, Method>;
