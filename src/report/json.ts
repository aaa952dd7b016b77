import type {ReportFormat} from './format.js';
import type {Report} from './report.js';

/** report.json: the aggregates and everything that explains them, see report.ts. */
export const json: ReportFormat = {
  file: 'report.json',
  open: async (output) => ({
    row: async () => undefined,
    end: (report) => output.write(reportText(report)),
  }),
};

/** The text of report.json. */
function reportText(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
