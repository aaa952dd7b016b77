/** Values of a digit of 16 bits. */
const DIGITS = 65_536;

/**
 * The rows ordered by their numbers (none NaN), ties as they come. A radix sort by the bits of the float64, 16 at a time:
 * several times as fast as a sort that calls back, whose first call in a page takes longest.
 */
export function radixOrder(rows: Uint32Array, numbers: ArrayLike<number>, descending: boolean): Uint32Array {
  // Adding 0 makes −0 a 0.
  const floats = Float64Array.from(rows, (row) => (numbers[row] as number) + 0);
  const digits = new Uint16Array(floats.buffer);
  makeSortable(new Uint32Array(floats.buffer), descending);
  let order = Uint32Array.from(rows.keys());
  for (let digit = 0; digit < 4; digit++) order = byDigit(order, digits, digit);
  return order.map((at) => rows[at] as number);
}

/** Bits that order as the numbers do: of negative numbers all are turned over, of others the sign; all again to descend. */
function makeSortable(words: Uint32Array, descending: boolean): void {
  const turned = descending ? 0xffffffff : 0;
  for (let i = 0; i < words.length; i += 2) {
    const [low, high] = [words[i] as number, words[i + 1] as number];
    const isNegative = high >>> 31 === 1;
    words[i] = (isNegative ? ~low : low) ^ turned;
    words[i + 1] = (isNegative ? ~high : high ^ 0x80000000) ^ turned;
  }
}

/** A stable counting sort by one digit, from the lowest (0) to the highest (3). */
function byDigit(order: Uint32Array, digits: Uint16Array, digit: number): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(DIGITS + 1);
  for (const at of order) {
    const next = (digits[at * 4 + digit] as number) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let value = 0; value < DIGITS; value++) {
    starts[value + 1] = (starts[value + 1] as number) + (starts[value] as number);
  }
  const sorted = new Uint32Array(order.length);
  for (const at of order) {
    const value = digits[at * 4 + digit] as number;
    const place = starts[value] as number;
    sorted[place] = at;
    starts[value] = place + 1;
  }
  return sorted;
}
