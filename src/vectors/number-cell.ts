/**
 * The number that a cell holds, spaces around it aside: decimal, as every language writes it. NaN where it holds none
 * (also `nan` and empty cells); infinite where it says so.
 */
export function numberOf(cell: string): number {
  const value = Number(cell);
  // Number takes '' and ' ' for 0, and reads 0x10, 0b1, 0o7.
  if (value === 0 && !cell.includes('0')) return Number.NaN;
  // Most cells are plain, and the pattern is slow for millions of them.
  const isPlain = cell.charCodeAt(0) > SPACE && cell.charCodeAt(1) < LETTERS;
  return !isPlain && OTHER_BASE.test(cell) ? Number.NaN : value;
}

const SPACE = 32;
const LETTERS = 65;
const OTHER_BASE = /^\s*0[xob]/i;

/** What a cell without a finite number holds, for a message. */
export function notFinite(cell: string): string {
  const text = cell.trim();
  if (/^[+-]?nan$/i.test(text)) return 'NaN';
  if (/^[+-]?inf(inity)?$/i.test(text)) return text;
  return text === '' ? 'an empty cell' : `'${text.slice(0, 40)}'`;
}
