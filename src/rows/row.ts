/** A value that does not exist for a sample, with the reason (an empty mask, an image under the window). */
export interface UndefinedValue {
  /** The reason. */
  readonly undefined: string;
}

/** One cell: a finite or infinite number, an undefined value, `'n/a'` (the column does not concern the row), or null (not computed: the row failed). Never NaN. */
export type Cell = number | UndefinedValue | 'n/a' | null;

/** `ok`, `undefined` (some value is), or `failed` (the reason begins with a code). */
export type Status = 'ok' | 'undefined' | 'failed';

/** One line of the report: a sample and its value in every column. */
export interface Row {
  /** The sample's key. */
  readonly key: string;
  /** Whether all values are there. */
  readonly status: Status;
  /** Empty when the status is `ok`. */
  readonly reason: string;
  /** Pixels of the scored prediction; null when no image was read. */
  readonly width: number | null;
  /** Of the sample, in pixels. */
  readonly height: number | null;
  /** By column name, in the order of the run's columns. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** Hash of the bytes that were scored, by role. */
  readonly sha256: Readonly<Record<string, string>>;
  /** The value of `group_by` for this sample, when groups were asked for. */
  readonly group?: string;
}

/** Which way is better: `none` for parts that are no objective by themselves. */
export type Direction = 'lower' | 'higher' | 'none';

/** A column of rows.csv. */
export interface Column {
  /** `id` or `id.part`, or `total`. */
  readonly name: string;
  /** Which values are better. */
  readonly better: Direction;
}

/** Whether a cell is an undefined value. */
export function isUndefinedValue(cell: Cell): cell is UndefinedValue {
  return typeof cell === 'object' && cell !== null;
}
