import type { ClaimValue } from '../claims-bag.ts';
import { fail, netText } from './method.ts';

const ITEM = /\{\{|\}\}|\{(\d+)\s*(?:,\s*(-?\d+)\s*)?(?::([^{}]*))?\}|[{}]/g;

/**
 * .NET's `String.Format`: `{0}`, `{0,8}` with a width, `{0:D4}` for numbers, `{{` for a brace. A value
 * that is missing is an empty text.
 */
export function formatText(format: string, values: readonly (ClaimValue | undefined)[]): string {
  return format.replace(ITEM, (item, index?: string, width?: string, style?: string) => {
    if (item === '{{' || item === '}}') return item.slice(1);
    if (index === undefined || Number(index) >= values.length) {
      return fail(`"${format}" is not a format for ${values.length} values`);
    }
    const value = values[Number(index)];
    const text = value === undefined ? '' : styled(value, style ?? '');
    const size = Number(width ?? 0);
    return size < 0 ? text.padEnd(-size) : text.padStart(size);
  });
}

/** .NET knows formats of numbers; a text ignores them. */
function styled(value: ClaimValue, style: string): string {
  const digits = /^(?:[dD](\d{0,2})|(0+))$/.exec(style);
  if (typeof value !== 'number' || !digits) return netText(value);
  const length = digits[2]?.length ?? Number(digits[1]);
  return `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(length, '0')}`;
}
