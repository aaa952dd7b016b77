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
    const schema = schemaFromColumnData({columnData: tableOf(columns)});
    const writer = new ParquetWriter({writer: bytes, schema, createdBy: 'cv-loss'});
    let group = tableOf(columns);
    let rows = 0;
    const flush = async () => {
      if (bytes.index === 0) return;
      const written = bytes.getBytes().slice();
      // `offset` counts on: it is the place in the file.
      bytes.index = 0;
      await output.write(written);
    };
    const writeGroup = async () => {
      await writer.write({columnData: group, rowGroupSize: GROUP_ROWS});
      group = tableOf(columns);
      rows = 0;
      await flush();
    };
    return {
      async row(row) {
        // Of a row, no more than this is kept until its group is full.
        for (const {data, cell} of group) data.push(cell(row));
        if (++rows === GROUP_ROWS) await writeGroup();
      },
      async end() {
        if (rows > 0) await writeGroup();
        await writer.finish();
        await flush();
      },
    };
  },
};

/** The columns of a group, without rows yet, and what each has of a row. */
function tableOf(columns: readonly Column[]) {
  const column = <Type extends string>(name: string, type: Type, cell: (row: Row) => string | number | null) => {
    const data: (string | number | null)[] = [];
    return {name, type, data, nullable: true, cell};
  };
  const base = BASE.map(([name, type]) => column(name, type, (row) => row[name] ?? null));
  const losses = columns.map(({name}) =>
    column(name, 'DOUBLE', ({cells}) => (typeof cells[name] === 'number' ? cells[name] : null)),
  );
  return [...base, ...losses];
}
