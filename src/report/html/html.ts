import type {ReportFormat} from '../format.js';
import {beginPage} from './page.js';
import {RowChunks} from './row-chunks.js';

/**
 * report.html: the report as one page that works from disk, without a network: aggregates, distributions, the rows in a
 * table, the pictures where there are some, gates, and how it was made.
 */
export const html: ReportFormat = {
  file: 'report.html',
  async open(output, columns) {
    const page = await beginPage((text) => output.write(text), {
      title: 'cv-loss report',
      about: 'The report of a run of cv-loss.',
    });
    const chunks = new RowChunks(columns);
    return {
      async row(row) {
        const chunk = chunks.add(row);
        if (chunk) await page.data('rows', chunk);
      },
      async end(report, gallery) {
        const rest = chunks.rest();
        if (rest) await page.data('rows', rest);
        if (chunks.omitted > 0) await page.data('omitted', {rows: chunks.omitted});
        await page.data('report', report);
        if (gallery) await page.data('gallery', gallery);
        await page.end();
      },
    };
  },
};
