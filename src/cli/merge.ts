import {Command} from 'commander';
import type {FormatName} from '../report/formats.js';
import type {Row} from '../rows/row.js';
import {exitCodeOf} from './exit.js';
import {collectGate, type GateFlags} from './gate-option.js';
import {collectLimit, type Limits} from './limit-option.js';
import {list, wholeNumber} from './option-values.js';
import {pluginOption} from './plugin-option.js';
import {makeProgress} from './progress.js';
import {ROWS_SHOWN} from './rows-shown.js';
import {showEvaluation} from './show-evaluation.js';
import {endWith, interruption} from './signals.js';

/** The flags of `merge`. */
interface MergeFlags {
  readonly report: string;
  readonly reportFormat?: readonly FormatName[];
  readonly gate?: GateFlags;
  readonly baseline?: string;
  readonly limit?: Limits;
  readonly updateBaseline?: boolean;
  readonly plugin?: readonly string[];
  readonly worst: number;
  readonly github?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `cv-loss merge SHARD…`: the report of a run that was split with `eval --shard`. */
export function mergeCommand(): Command {
  return new Command('merge')
    .description('merge the shards of a run: the report is, byte for byte, that of the run over the whole dataset')
    .argument('<shard...>', 'directories that eval --shard wrote, all of them')
    .option('--report <dir>', 'where the report goes', 'cv-loss-report')
    .option('--report-format <list>', "formats of the report (default: those of the shards' config)", list)
    .option('--gate <rule>', "exit 1 unless it holds: 'mse.mean<=0.01', 'ssim>=0.95'; repeats", collectGate)
    .option('--baseline <dir>', 'a report to compare with: exit 1 when a loss got worse')
    .option(
      '--limit <limit>',
      'by how much a mean may worsen: mse=0.001, ssim=1%, or 2% for all; repeats',
      collectLimit,
    )
    .option('--update-baseline', 'make this report the baseline, whatever the comparison says')
    .addOption(pluginOption())
    .option('--worst <k>', 'how many of the worst pairs to print for each loss', wholeNumber, 5)
    .option('--github', 'annotations and step summary for GitHub Actions')
    .option('--json', 'print report.json on standard output instead of tables')
    .option('--quiet', 'print no table and no progress')
    .addHelpText(
      'after',
      `
Examples:
  cv-loss merge shard-1 shard-2 --report report/
  cv-loss merge shards/* --report report/ --baseline main/report --limit 1%
  cv-loss merge shards/* --report report/ --gate 'psnr.mean>=30'`,
    )
    .action(runMerge);
}

async function runMerge(shards: readonly string[], flags: MergeFlags): Promise<void> {
  const {mergeShards} = await import('../merge.js');
  const progress = await makeProgress('merging', flags.quiet === true);
  const undefinedRows: Row[] = [];
  const stop = interruption({interrupted: 'interrupted; no report was written'});
  try {
    const evaluation = await mergeShards(shards, {
      report: {dir: flags.report, ...(flags.reportFormat && {formats: flags.reportFormat})},
      ...(flags.gate && {gates: flags.gate}),
      ...(flags.baseline !== undefined && {
        baseline: {dir: flags.baseline, ...flags.limit, update: flags.updateBaseline},
      }),
      plugins: flags.plugin ?? [],
      keepRows: false,
      signal: stop.signal,
      onStart: ({samples}) => {
        stop.begin();
        progress.start(samples, 'rows');
      },
      onRow: (row) => {
        progress.step();
        if (row.status === 'undefined' && undefinedRows.length < ROWS_SHOWN) undefinedRows.push(row);
      },
    });
    progress.stop();
    await showEvaluation(evaluation, {...flags, undefinedRows, foundConfig: null});
    process.exitCode = exitCodeOf([evaluation.report]);
  } catch (error) {
    progress.stop();
    endWith(error);
  } finally {
    stop.release();
  }
}
