/**
 * Whether a value is data that JSON can hold (numbers of any kind included, which reports write in their own way),
 * through and through: no functions, symbols, bigints, class instances or loops.
 */
export function isPlainData(value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every((item) => isPlainData(item, depth + 1));
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return Object.values(value).every((item) => isPlainData(item, depth + 1));
}

const MAX_DEPTH = 50;
