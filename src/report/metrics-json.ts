import type {ReportFormat} from './format.js';
import type {JsonValue} from './json-value.js';
import type {Report} from './report.js';

/** Aggregates that are listed. */
const STATISTICS = ['value', 'mean', 'std', 'min', 'p05', 'median', 'p95', 'max', 'undefined', 'infinite'] as const;

/**
 * metrics.json: numbers only, by column and aggregate, as `dvc metrics diff` reads and compares them. Aggregates that
 * are no finite number are left out, since JSON has no way to write them as numbers.
 */
export const metrics: ReportFormat = {
  file: 'metrics.json',
  open: async (output) => ({
    row: async () => undefined,
    end: (report) => output.write(`${JSON.stringify(metricsOf(report), null, 2)}\n`),
  }),
};

function metricsOf({columns, summary}: Report): JsonValue {
  const own = columns
    .filter(({better}) => better !== 'none')
    .map(({name}) => [name, finiteNumbers(summary[name] ?? {})] as const);
  return Object.fromEntries(own);
}

function finiteNumbers(column: Readonly<Record<string, unknown>>): Record<string, number> {
  const found = STATISTICS.map((statistic) => [statistic, column[statistic]] as const);
  return Object.fromEntries(
    found.filter((entry): entry is [(typeof entry)[0], number] => typeof entry[1] === 'number'),
  );
}
