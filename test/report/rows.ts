import fc from 'fast-check';
import type {Cell, Column, Row} from '../../src/rows/row.js';

export const COLUMNS: readonly Column[] = [
  {name: 'mse', better: 'lower'},
  {name: '-odd.part_1', better: 'none'},
  {name: 'total', better: 'lower'},
];

/** A row of the three columns, as a run makes it. */
export function row(key: string, values: readonly Cell[], extra: Partial<Row> = {}): Row {
  const cells = Object.fromEntries(COLUMNS.map(({name}, i) => [name, values[i] ?? null]));
  return {key, status: 'ok', reason: '', width: 4, height: 3, cells, sha256: {pred: 'a'.repeat(64)}, ...extra};
}

/** Text that CSV, spreadsheets and shells stumble over, 255 bytes and more. */
export const hostileText = fc.oneof(
  fc.string({unit: 'binary', maxLength: 64}),
  fc.string({unit: fc.constantFrom(...`',"\n\r\t=+-@; \\\u2028\ufeff\0é𝛼＝`), maxLength: 12}),
  fc.constantFrom('x'.repeat(255), '=cmd', "'=cmd", "''", 'n/a', 'inf', '-1', '1e3', '__proto__', ' ', '"', '\r\n'),
);

// Files do not keep the sign of zero.
const number = fc.double({noNaN: true}).map((value) => (value === 0 ? 0 : value));

/** Any row that a run can make and a file can tell. */
export const anyRow: fc.Arbitrary<Row> = fc
  .record({
    key: hostileText,
    reason: hostileText,
    status: fc.constantFrom('ok', 'undefined', 'failed'),
    size: fc.option(fc.nat(20_000)),
    values: fc.array(fc.option(fc.oneof(number, fc.constant('n/a' as const))), {minLength: 3, maxLength: 3}),
    group: fc.option(hostileText, {nil: undefined}),
  })
  .map(({key, reason, status, size, values, group}) => {
    const missing: Cell = status === 'failed' ? null : {undefined: reason};
    return row(
      key,
      values.map((value) => value ?? missing),
      {reason, status, width: size, height: size, ...(group === undefined ? {} : {group})},
    );
  });
