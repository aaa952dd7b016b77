import type {Evaluation} from '../evaluation.js';
import {printableJson} from '../printable.js';
import type {Row} from '../rows/row.js';
import type {Shard} from '../samples/shard.js';
import {log, logCommand, print} from './streams.js';

/** How a finished evaluation is shown. */
export interface ShowOptions {
  /** The first rows with an undefined value. */
  readonly undefinedRows: readonly Row[];
  /** The worst pairs printed for each loss. */
  readonly worst: number;
  /** The config file that was found, where none was named. */
  readonly foundConfig: string | null;
  /** The shard that was scored: aggregates and gates are those of the merge. */
  readonly shard?: Shard | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly github?: boolean | undefined;
}

/** What failed on standard error, the result on standard output, and what GitHub Actions shows. */
export async function showEvaluation(evaluation: Evaluation, options: ShowOptions): Promise<void> {
  const {evaluationText, failureLines, undefinedLines} = await import('./evaluation-text.js');
  const {undefinedRows, worst, foundConfig, shard, json, quiet, github} = options;
  for (const line of [...failureLines(evaluation), ...undefinedLines(evaluation, undefinedRows)]) log(line);
  if (shard) {
    if (!quiet) print((await import('./shard-text.js')).shardText(evaluation, shard));
    return;
  }
  if (json) print(printableJson(evaluation.report));
  else if (!quiet) print(evaluationText(evaluation, worst, foundConfig));
  if (github) {
    const {annotations, appendStepSummary} = await import('./github.js');
    const {markdownText} = await import('../report/markdown.js');
    for (const line of annotations([{name: null, evaluation}])) logCommand(line);
    appendStepSummary(markdownText(evaluation.report));
  }
}
