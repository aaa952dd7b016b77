import {Command, Option} from 'commander';
import {printableJson} from '../printable.js';
import {jsonValue} from '../report/json-value.js';
import {EXIT, exitWith} from './exit.js';
import {collectLimit, type Limits} from './limit-option.js';
import {galleryCount} from './option-values.js';
import {log, print} from './streams.js';

/** The flags of `compare`. */
interface CompareFlags {
  readonly limit?: Limits;
  readonly level: 'error' | 'warn';
  readonly report?: string;
  readonly gallery?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `cv-loss compare BASELINE CANDIDATE`: two reports, pair by pair. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('compare the report of a run with a baseline: better, same, worse or inconclusive for each loss')
    .argument('<baseline>', 'a report directory')
    .argument('<candidate>', 'another one')
    .option(
      '--limit <limit>',
      'by how much a mean may worsen: mse=0.001, ssim=1% of the baseline, or 2% for all; repeats',
      collectLimit,
    )
    .addOption(
      new Option('--level <level>', 'error: exit 1 when a gate fails; warn: only say so')
        .choices(['error', 'warn'])
        .default('error'),
    )
    .option(
      '--report <dir>',
      'write comparison.html, both runs side by side with the pairs that changed most, and comparison.json',
    )
    .option(
      '--gallery <count>',
      'images of the page: so many pairs of each loss that worsened most, as many that improved; 0: none (default: 8)',
      galleryCount,
    )
    .option('--json', 'print JSON on standard output')
    .option('--quiet', 'print no table; the exit code says it')
    .addHelpText(
      'after',
      `
Examples:
  cv-loss compare main/report cv-loss-report
  cv-loss compare main/report cv-loss-report --limit mse=0.0005 --limit ssim=1%
  cv-loss compare main/report cv-loss-report --report comparison/
  cv-loss compare main/report cv-loss-report --json`,
    )
    .action(
      async (baseline: string, candidate: string, {limit = {}, level, report, gallery, json, quiet}: CompareFlags) => {
        try {
          const {compareReports} = await import('../compare.js');
          const {comparisonText} = await import('./comparison-text.js');
          const comparison = await compareReports(baseline, candidate, {...limit, level});
          if (report !== undefined) {
            const {writeComparison} = await import('../comparison-report.js');
            const onNotice = (line: string) => log(`cv-loss: ${line}`);
            await writeComparison(
              comparison,
              {baseline, candidate, dir: report},
              {onNotice, ...(gallery !== undefined && {gallery})},
            );
          }
          if (json) print(printableJson(jsonValue(comparison)));
          else if (!quiet) print(comparisonText(comparison));
          process.exitCode = comparison.passed ? EXIT.done : EXIT.failedGate;
        } catch (error) {
          exitWith(error);
        }
      },
    );
}
