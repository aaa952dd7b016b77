import {type Rows, STATUSES} from './rows.js';

/** What rows are shown. */
export interface Filter {
  /** Words, all of which the key, group or reason has, and conditions such as `ssim<0.8` or `psnr=inf`. */
  readonly text: string;
  readonly status: '' | 'undefined' | 'failed' | 'infinite';
  readonly group: string | null;
}

type Test = (row: number) => boolean;

const CONDITION = /^(.+?)(<=|>=|<|>|=)([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf|∞))$/i;

/** The rows that pass, in the order of their keys. */
export function filterRows(rows: Rows, filter: Filter): Uint32Array {
  const tests = [
    ...textTests(rows, filter.text),
    ...statusTests(rows, filter.status),
    ...groupTests(rows, filter.group),
  ];
  const kept = new Uint32Array(rows.count);
  let count = 0;
  for (let row = 0; row < rows.count; row++) if (tests.every((test) => test(row))) kept[count++] = row;
  return kept.subarray(0, count);
}

function textTests(rows: Rows, text: string): Test[] {
  // Names with spaces stand in quotes: "psnr · change"<0.
  const words = text.match(/(?:"[^"]*"|[^\s"])+|"/g) ?? [];
  return words.map((word) => conditionTest(rows, word) ?? wordTest(rows, word));
}

/** A condition on a column; null where the word is none, or names no column. */
function conditionTest(rows: Rows, word: string): Test | null {
  const [, name = '', operator, number = ''] = CONDITION.exec(word) ?? [];
  const values = rows.values[rows.columnAt(unquoted(name))];
  if (!values) return null;
  const bound = Number(number.replace(/inf|∞/i, 'Infinity'));
  const of = (row: number) => values[row] as number;
  if (operator === '<') return (row) => of(row) < bound;
  if (operator === '<=') return (row) => of(row) <= bound;
  if (operator === '>') return (row) => of(row) > bound;
  if (operator === '>=') return (row) => of(row) >= bound;
  return (row) => of(row) === bound;
}

function wordTest(rows: Rows, word: string): Test {
  const sought = unquoted(word).toLowerCase();
  const groups = rows.groups.map((group) => group.toLowerCase().includes(sought));
  return (row) =>
    (rows.keys[row] as string).toLowerCase().includes(sought) ||
    groups[rows.groupOf[row] as number] === true ||
    (rows.reasons.get(row)?.toLowerCase().includes(sought) ?? false);
}

function unquoted(word: string): string {
  return /^"[^"]*"$/.test(word) ? word.slice(1, -1) : word;
}

function statusTests(rows: Rows, status: Filter['status']): Test[] {
  if (status === '') return [];
  if (status === 'infinite') return [(row) => rows.values.some((values) => isInfinite(values[row] as number))];
  const wanted = STATUSES.indexOf(status);
  return [(row) => rows.status[row] === wanted];
}

function groupTests(rows: Rows, group: string | null): Test[] {
  if (group === null) return [];
  const wanted = rows.groups.indexOf(group);
  return [(row) => rows.groupOf[row] === wanted];
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}
