import type {Config} from '../config/config.js';
import {printableJson} from '../printable.js';
import type {Report} from '../report/report.js';
import type {ResumeMode} from '../run/journal/run-journal.js';
import type {Shard} from '../samples/shard.js';
import {log, logCommand, print} from './streams.js';

/** What of a run is printed. */
export interface Shown {
  readonly worst: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly github?: boolean;
  readonly profile?: boolean;
  /** The config that was used without being named. */
  readonly foundConfig: string | null;
}

/** Who watches a run, and stops it. */
export interface Watching {
  readonly signal: AbortSignal;
  readonly keepRows: false;
  readonly resume: ResumeMode;
  readonly cache: boolean;
  readonly shard?: Shard;
  onNotice(line: string): void;
  /** Called before the first of some steps; `unit` is what a step is, in the plural; `doing` what is done, if not scoring. */
  begin(steps: number, unit: string, doing?: string): void;
  step(): void;
  stop(): void;
}

/** Scores the series that a config names, prints its table and gives the sets' reports. */
export async function scoreSeries(config: Config, shown: Shown, watching: Watching): Promise<readonly Report[]> {
  const {evaluateSeriesConfig} = await import('../evaluate-series.js');
  const {seriesLines, seriesText} = await import('./series-text.js');
  const evaluated = await evaluateSeriesConfig(config, {
    ...watching,
    profile: shown.profile ?? false,
    onStart: ({rows}) => watching.begin(rows, 'pairs'),
    onRow: () => watching.step(),
  });
  watching.stop();
  for (const line of seriesLines(evaluated)) log(line);
  if (shown.json) print(printableJson(evaluated.series));
  else if (!shown.quiet) print(seriesText(evaluated, shown));
  if (shown.github) {
    const {annotations, appendStepSummary} = await import('./github.js');
    const {seriesMarkdown} = await import('../report/series/series-markdown.js');
    for (const line of annotations(evaluated.sets)) logCommand(line);
    appendStepSummary(seriesMarkdown(evaluated.series));
  }
  return evaluated.sets.map(({evaluation}) => evaluation.report);
}
