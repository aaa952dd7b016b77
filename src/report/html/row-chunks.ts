import {type Cell, type Column, isUndefinedValue, type Row} from '../../rows/row.js';
import {jsonNumber} from '../json-value.js';
import type {PageCell, RowChunk} from './page-data.js';

/** Rows of a chunk. */
const CHUNK_ROWS = 5000;

/** Rows that a page holds at most; of those after them only such as are not `ok`, as many again at most. */
const PAGE_ROWS = 250_000;

/** Gathers rows into chunks for a page, so that no more than one chunk is in memory. */
export class RowChunks {
  /** Rows that the page leaves out. */
  omitted = 0;
  private kept = 0;
  private rows: Row[] = [];

  constructor(
    private readonly columns: readonly Column[],
    private readonly most = PAGE_ROWS,
  ) {}

  /** Takes a row; a chunk when it is full, else null. */
  add(row: Row): RowChunk | null {
    const isKept = this.kept < this.most || (row.status !== 'ok' && this.kept < 2 * this.most);
    if (!isKept) {
      this.omitted++;
      return null;
    }
    this.kept++;
    this.rows.push(row);
    return this.rows.length === CHUNK_ROWS ? this.take() : null;
  }

  /** The last chunk; null when it is empty. */
  rest(): RowChunk | null {
    return this.rows.length === 0 ? null : this.take();
  }

  private take(): RowChunk {
    const {rows} = this;
    this.rows = [];
    return chunkOf(rows, this.columns);
  }
}

function chunkOf(rows: readonly Row[], columns: readonly Column[]): RowChunk {
  return {
    keys: rows.map(({key}) => key),
    cells: columns.map(({name}) => rows.map(({cells}) => pageCell(cells[name] ?? null))),
    width: folded(rows.map(({width}) => width)),
    height: folded(rows.map(({height}) => height)),
    ...(rows.some(({group}) => group !== undefined) && {groups: rows.map(({group = ''}) => group)}),
    flagged: rows.flatMap(({status, reason}, at) => (status === 'ok' ? [] : [[at, status, reason] as const])),
  };
}

function pageCell(cell: Cell): PageCell {
  if (typeof cell === 'number') return jsonNumber(cell);
  return cell === null || isUndefinedValue(cell) ? null : cell;
}

function folded(values: readonly (number | null)[]): RowChunk['width'] {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : values;
}
