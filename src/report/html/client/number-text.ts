/** A number as JSON reports write it. */
export type JsonNumber = number | 'inf' | '-inf' | null;

/** What stands for no number. */
export const NONE = '–';

/** Infinite numbers that JSON writes as text as numbers again; NaN for none. */
export function toNumber(value: JsonNumber | undefined): number {
  if (typeof value === 'number') return value;
  if (value === 'inf') return Number.POSITIVE_INFINITY;
  return value === '-inf' ? Number.NEGATIVE_INFINITY : Number.NaN;
}

/** A number to five significant digits; a dash for NaN. */
export function numberText(value: number, digits = 5): string {
  if (Number.isNaN(value)) return NONE;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return signed(value.toExponential(digits - 2).replace('e+', 'e'));
  return signed(String(Number(value.toPrecision(digits))));
}

/** All its digits, for a tooltip or a copy. */
export function exactText(value: number): string {
  if (Number.isNaN(value)) return 'no value';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

/** How the numbers of a column are written: as many decimals for all that they line up at the point. */
export function alignedText(values: Iterable<number>): (value: number) => string {
  let largest = 0;
  let allWhole = true;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    allWhole &&= Number.isInteger(value);
  }
  if (largest === 0 || (allWhole && largest < 1e9))
    return (value) => (isPlain(value) ? grouped(value) : numberText(value));
  if (largest < 1e-4 || largest >= 1e7)
    return (value) => (isPlain(value) && value !== 0 ? exponent(value) : numberText(value));
  const decimals = Math.max(0, 4 - Math.floor(Math.log10(largest)));
  return (value) => (isPlain(value) ? signed(value.toFixed(decimals)) : numberText(value));
}

/** A count with thin spaces between thousands: `100 000`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** `1 sample`, `2 samples`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

function grouped(value: number): string {
  return Number.isInteger(value) ? (value < 0 ? '−' : '') + countText(Math.abs(value)) : numberText(value);
}

function exponent(value: number): string {
  return signed(value.toExponential(3).replace('e+', 'e'));
}

function isPlain(value: number): boolean {
  return Number.isFinite(value);
}

/** With the sign of minus, as wide as a digit. */
function signed(text: string): string {
  return text.replaceAll('-', '−');
}
