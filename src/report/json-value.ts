/** Any value of a JSON file. */
export type JsonValue = string | number | boolean | null | JsonValue[] | {[key: string]: JsonValue};

/** A number as reports write it: infinite ones as `'inf'` and `'-inf'`, since JSON has none; NaN as null. */
export function jsonNumber(value: number): number | 'inf' | '-inf' | null {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return null;
  return value > 0 ? 'inf' : '-inf';
}

/** The number that `jsonNumber` wrote. */
export function fromJsonNumber(value: number | 'inf' | '-inf'): number {
  if (typeof value === 'number') return value;
  return value === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** Plain data as JSON, key order kept, numbers as `jsonNumber` says. Keys whose value is undefined are left out. */
export function jsonValue(value: unknown): JsonValue {
  if (typeof value === 'number') return jsonNumber(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(jsonValue);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as Float64Array, jsonValue);
  }
  if (typeof value === 'object') {
    const kept = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(kept.map(([key, item]) => [key, jsonValue(item)]));
  }
  throw new TypeError(`a report holds plain data; got a ${typeof value}`);
}
