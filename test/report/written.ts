import type {FormatName} from '../../src/report/formats.js';
import {openReport} from '../../src/report/open.js';
import type {Row} from '../../src/rows/row.js';
import {reportOf} from './report-of.js';
import {COLUMNS} from './rows.js';

/** Writes a whole report of some rows, and abandons it when that fails. */
export async function writeReport(dir: string, rows: readonly Row[], formats: readonly FormatName[]): Promise<void> {
  const writer = await openReport({dir, formats, columns: COLUMNS});
  try {
    for (const row of rows) await writer.row(row);
    await writer.end(reportOf(rows), {seconds: 1.5});
    await writer.publish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}
