import type {Column, Row} from '../rows/row.js';
import type {ReportFormat} from './format.js';

/** Rows of a row group: written when so many are there, so that memory stays bounded. */
const GROUP_ROWS = 50_000;

const BASE = [
  ['key', 'STRING'],
  ['status', 'STRING'],
  ['reason', 'STRING'],
  ['width', 'INT32'],
  ['height', 'INT32'],
  ['group', 'STRING'],
] as const;

/**
 * rows.parquet: the columns of rows.csv and `group`, typed: text, 32-bit integers, doubles (infinite ones as they are).
 * Cells without a number are null; `status` and `reason` say why. Row groups of 50,000 rows, Snappy.
 */
export const parquet: ReportFormat = {
  file: 'rows.parquet',
  async open(output, columns) {
    const {ByteWriter, ParquetWriter, schemaFromColumnData} = await import('hyparquet-writer');
    const bytes = new ByteWriter();
    const schema = schemaFromColumnData({columnData: tableOf([], columns)});
    const writer = new ParquetWriter({writer: bytes, schema, createdBy: 'cv-loss'});
    let rows: Row[] = [];
    const flush = async () => {
      if (bytes.index === 0) return;
      const written = bytes.getBytes().slice();
      // `offset` counts on: it is the place in the file.
      bytes.index = 0;
      await output.write(written);
    };
    const writeGroup = async () => {
      await writer.write({columnData: tableOf(rows, columns), rowGroupSize: GROUP_ROWS});
      rows = [];
      await flush();
    };
    return {
      async row(row) {
        rows.push(row);
        if (rows.length === GROUP_ROWS) await writeGroup();
      },
      async end() {
        if (rows.length > 0) await writeGroup();
        await writer.finish();
        await flush();
      },
    };
  },
};

function tableOf(rows: readonly Row[], columns: readonly Column[]) {
  const base = BASE.map(([name, type]) => ({name, type, data: rows.map((row) => row[name] ?? null), nullable: true}));
  const losses = columns.map(({name}) => ({
    name,
    type: 'DOUBLE' as const,
    data: rows.map(({cells}) => (typeof cells[name] === 'number' ? cells[name] : null)),
    nullable: true,
  }));
  return [...base, ...losses];
}
