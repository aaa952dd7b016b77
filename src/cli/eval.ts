import {Command, InvalidArgumentError, Option} from 'commander';
import type {EvaluateOptions} from '../evaluate.js';
import type {Row} from '../rows/row.js';
import {EXIT, exitWith} from './exit.js';
import {pluginOption} from './plugin-option.js';
import {makeProgress} from './progress.js';
import {ROWS_SHOWN} from './rows-shown.js';
import {Interrupted, interruption} from './signals.js';
import {log, print} from './streams.js';

/** The flags of `eval`, as commander hands them over. */
interface EvalFlags {
  readonly pred?: string;
  readonly target?: string;
  readonly input?: readonly [string, string][];
  readonly match?: readonly [string, string][];
  readonly pairs?: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly losses?: readonly string[];
  readonly plugin?: readonly string[];
  readonly task?: string;
  readonly report?: string | false;
  readonly reportFormat?: readonly string[];
  readonly groupBy?: string;
  readonly allowMissing?: boolean;
  readonly device?: string;
  readonly batchSize?: number;
  readonly worst: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `cv-loss eval`: scores a dataset and writes its report. */
export function evalCommand(): Command {
  return new Command('eval')
    .description('score predictions against targets and write a report')
    .option('--pred <path>', 'predictions: a directory, a glob, or one file')
    .option('--target <path>', 'ground truth: a directory, a glob, or one file')
    .option('--input <role=path>', 'any role (weight=…, ignore=…, instances=…); repeats', collectPairs)
    .option('--pairs <file>', 'CSV or JSONL manifest whose columns are roles; - reads standard input')
    .option('--match <role=pattern>', 'how file names hold the key: pred="{key}_sr"; repeats', collectPairs)
    .option('--losses <list>', 'losses by type, with commas: mse,ssim', list)
    .addOption(pluginOption())
    .option('--config <file>', 'YAML or JSON config; - reads standard input (default: ./cv-loss.yaml, .yml, .json)')
    .option('--set <path=value>', 'change one key of the config: losses.0.weight=2; repeats', collect)
    .option(
      '--task <task>',
      'kind of data: photo or mask (default: mask where the first pair holds two values only, else photo)',
    )
    .option('--group-by <template>', 'aggregates for each group: "{dir}", or "{column}" of the manifest')
    .option('--allow-missing', 'leave out samples that lack a file instead of refusing to start')
    .addOption(new Option('--report <dir>', 'where the report goes (default: cv-loss-report/)'))
    .option('--no-report', 'write no report')
    .option('--report-format <list>', 'csv, jsonl, json (default: csv,json)', list)
    .option('--device <name>', 'auto, cpu or tensorflow (default: auto)')
    .option('--batch-size <n>', 'samples computed at once (default: by size)', positiveInteger)
    .option('--worst <k>', 'how many of the worst pairs to print for each loss', wholeNumber, 5)
    .option('--json', 'print report.json on standard output instead of tables')
    .option('--quiet', 'print no table and no progress')
    .addHelpText(
      'after',
      `
Examples:
  cv-loss eval --pred out/ --target truth/
  cv-loss eval --pred out/ --target truth/ --losses psnr,ssim --set losses.ssim.color=luma8
  cv-loss eval --pred 'runs/7/*_sr.png' --target truth/ --match 'pred={key}_sr'
  cv-loss eval --config cv-loss.yaml --group-by '{dir}' --report report/
  cv-loss eval --pairs pairs.csv --losses mae --json --no-report`,
    )
    .action(runEval);
}

async function runEval(flags: EvalFlags): Promise<void> {
  const {evaluate} = await import('../evaluate.js');
  const {evaluationText, failureLines, undefinedLines} = await import('./evaluation-text.js');
  const progress = makeProgress(flags.quiet === true);
  const undefinedRows: Row[] = [];
  let foundConfig: string | null = null;
  const stop = interruption();
  try {
    const evaluation = await evaluate(flagConfig(flags), {
      ...requestOf(flags),
      signal: stop.signal,
      onStart: ({samples}) => {
        stop.begin();
        progress.start(samples);
      },
      onRow: (row) => {
        progress.step();
        if (row.status === 'undefined' && undefinedRows.length < ROWS_SHOWN) undefinedRows.push(row);
      },
      onNotice: (line) => log(`cv-loss: ${line}`),
      onFoundConfig: (file) => {
        foundConfig = file;
      },
    });
    progress.stop();
    for (const line of [...failureLines(evaluation), ...undefinedLines(evaluation, undefinedRows)]) log(line);
    if (flags.json) print(JSON.stringify(evaluation.report, null, 2));
    else if (!flags.quiet) print(evaluationText(evaluation, flags.worst, foundConfig));
    process.exitCode = evaluation.report.counts.failed > 0 ? EXIT.failedSamples : EXIT.done;
  } catch (error) {
    progress.stop();
    if (error instanceof Interrupted) {
      log(`cv-loss: ${error.message}`);
      process.exitCode = error.exitCode;
    } else exitWith(error);
  } finally {
    stop.release();
  }
}

/** The flags that stand for config keys, under the names a config uses. */
function flagConfig(flags: EvalFlags): Record<string, unknown> {
  const {pred, target, input = [], match = [], report, reportFormat} = flags;
  const config = given({
    task: flags.task,
    inputs: given({pred, target, ...Object.fromEntries(input)}),
    match: given(Object.fromEntries(match)),
    pairs: flags.pairs,
    losses: flags.losses,
    plugins: flags.plugin,
    group_by: flags.groupBy,
    allow_missing: flags.allowMissing,
    device: flags.device,
    batch_size: flags.batchSize,
    report: given({dir: report === false ? null : report, formats: reportFormat}),
  });
  return config ?? {};
}

/** The values that are there; undefined when none is. */
function given(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function requestOf(flags: EvalFlags): EvaluateOptions {
  return {
    from: 'flags',
    ...(flags.config === undefined ? {} : {file: flags.config}),
    set: flags.set ?? [],
    discover: true,
    keepRows: false,
    defaultReportDir: 'cv-loss-report',
  };
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Gathers the pairs of a flag that repeats, `role=value`. */
export function collectPairs(value: string, before: readonly [string, string][] = []): [string, string][] {
  const at = value.indexOf('=');
  if (at < 1 || at === value.length - 1)
    throw new InvalidArgumentError('Expected role=value, such as weight=weights/ or pred={key}_sr.');
  return [...before, [value.slice(0, at), value.slice(at + 1)]];
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function wholeNumber(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(value);
}

function positiveInteger(value: string): number {
  const number = wholeNumber(value);
  if (number === 0) throw new InvalidArgumentError('Expected at least 1.');
  return number;
}
