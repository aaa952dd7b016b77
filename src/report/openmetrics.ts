import type {ReportFormat} from './format.js';
import type {Report} from './report.js';

/** The aggregates that are exposed, in this order. */
const STATISTICS = ['value', 'mean', 'std', 'min', 'p05', 'p25', 'median', 'p75', 'p95', 'max', 'dataset'] as const;
const COUNTS = ['count', 'undefined', 'infinite'] as const;

/**
 * metrics.txt: OpenMetrics text (RFC draft, version 1.0), which GitLab's metrics reports and Prometheus' textfile
 * collector read. One gauge family for values, one for counts of rows, one for gates (1 passes, 0 fails).
 */
export const openmetrics: ReportFormat = {
  file: 'metrics.txt',
  open: async (output) => ({
    row: async () => undefined,
    end: (report) => output.write(openMetricsText(report)),
  }),
};

function openMetricsText(report: Report): string {
  const tables = [{group: null, summary: report.summary}, ...groupTables(report)];
  const columns = tables.flatMap(({group, summary}) =>
    Object.entries(summary).map(([column, own]) => ({labels: {column, ...(group === null ? {} : {group})}, own})),
  );
  const values = columns.flatMap(({labels, own}) => valueSamples(labels, own));
  const counts = columns.flatMap(({labels, own}) =>
    COUNTS.map((kind) => sample('cv_loss_rows', {...labels, kind}, String(own[kind]))),
  );
  const statuses = Object.entries(report.counts).map(([status, n]) => sample('cv_loss_samples', {status}, String(n)));
  const gates = report.gates.map(({name, level, verdict}) =>
    sample('cv_loss_gate', {name, level}, verdict === 'pass' ? '1' : '0'),
  );
  return [
    ...family('cv_loss_value', 'An aggregate of a column of the report', values),
    ...family('cv_loss_rows', 'Rows of a column that have a number, an undefined or an infinite value', counts),
    ...family('cv_loss_samples', 'Samples of the run by status', statuses),
    ...family('cv_loss_gate', 'Whether a gate passed', gates),
    '# EOF\n',
  ].join('\n');
}

function valueSamples(labels: Readonly<Record<string, string>>, own: Report['summary'][string]): string[] {
  return STATISTICS.flatMap((statistic) => {
    const value = numberText(own[statistic]);
    return value === null ? [] : [sample('cv_loss_value', {...labels, statistic}, value)];
  });
}

function groupTables({groups}: Report): {group: string; summary: Report['summary']}[] {
  return Object.entries(groups).map(([group, summary]) => ({group, summary}));
}

function family(name: string, help: string, samples: readonly string[]): string[] {
  return samples.length === 0 ? [] : [`# TYPE ${name} gauge`, `# HELP ${name} ${help}`, ...samples];
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: string): string {
  const text = Object.entries(labels).map(([label, content]) => `${label}="${escaped(content)}"`);
  return `${name}{${text.join(',')}} ${value}`;
}

/** Escapes of a label value: backslash, quote and line feed. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (value === 'inf') return '+Inf';
  return value === '-inf' ? '-Inf' : null;
}
