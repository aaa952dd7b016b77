import {Command, InvalidArgumentError, Option} from 'commander';
import type {Config} from '../config/config.js';
import {PRESET_NAMES} from '../config/presets.js';
import {UsageError} from '../errors.js';
import type {EvaluateOptions} from '../evaluation.js';
import type {Report} from '../report/report.js';
import type {Row} from '../rows/row.js';
import {parseShard} from '../samples/shard.js';
import {type EvalFlags, flagConfig, requestOf} from './eval-flags.js';
import {openQueued, type Queued, queueOption, refuseWithoutQueue, shardsOption, sharedOption} from './eval-queue.js';
import {type Shown, scoreSeries, type Watching} from './eval-series.js';
import {exitCodeOf} from './exit.js';
import {collectGate} from './gate-option.js';
import {collectLimit} from './limit-option.js';
import {list, positiveInteger, wholeNumber} from './option-values.js';
import {pluginOption} from './plugin-option.js';
import {makeProgress} from './progress.js';
import {ROWS_SHOWN} from './rows-shown.js';
import {showEvaluation} from './show-evaluation.js';
import {endWith, interruption} from './signals.js';
import {log} from './streams.js';

/** `cv-loss eval`: scores a dataset and writes its report. */
export function evalCommand(): Command {
  return new Command('eval')
    .description('score predictions against targets and write a report')
    .option('--pred <path>', 'predictions: a directory, a glob, or one file')
    .option('--target <path>', 'ground truth: a directory, a glob, or one file')
    .option(
      '--series <glob>',
      "several prediction sets for one target, in place of --pred: 'runs/epoch-*/out'; repeats",
      collect,
    )
    .option('--input <role=path>', 'any role (style=…, weight=…, ignore=…, instances=…); repeats', collectPairs)
    .option('--pairs <file>', 'CSV or JSONL manifest whose columns are roles; - reads standard input')
    .option('--match <role=pattern>', 'how file names hold the key: pred="{key}_sr"; repeats', collectPairs)
    .option('--embeddings <file>', 'vectors computed before (NPY, NPZ, CSV), in place of --pred and --target')
    .option('--labels <file>', 'whose vector each is: CSV index,label or key,label; or folder')
    .option('--real <path>', 'scores of real images (CSV key,score; NPY); vectors with --task embedding')
    .option('--fake <path>', 'scores of generated images, or their vectors; with a model in the config, images')
    .option('--save-embeddings <file>', 'keep the vectors that a model makes: .npy and .labels.csv, or .csv')
    .option('--save-images <dir>', 'keep the images that generators make, as PNG')
    .option('--save-scores <dir>', 'keep the scores that a model gives: real.csv and fake.csv')
    .option('--losses <list>', 'losses by type, with commas: mse,ssim', list)
    .option('--preset <name>', `the losses of a paper: ${PRESET_NAMES.join(', ')}`)
    .addOption(pluginOption())
    .option('--config <file>', 'YAML or JSON config; - reads standard input (default: ./cv-loss.yaml, .yml, .json)')
    .option('--set <path=value>', 'change one key of the config: losses.0.weight=2; repeats', collect)
    .option(
      '--task <task>',
      'kind of data: photo, mask, cycle, embedding or adversarial (default: by what is given; mask where the first pair holds two values only)',
    )
    .option('--group-by <template>', 'aggregates for each group: "{dir}", or "{column}" of the manifest')
    .option('--allow-missing', 'leave out samples that lack a file instead of refusing to start')
    .addOption(new Option('--report <dir>', 'where the report goes (default: cv-loss-report/)'))
    .option('--no-report', 'write no report')
    .option(
      '--report-format <list>',
      'csv, jsonl, parquet, json, html, junit, openmetrics, markdown, metrics (default: csv,json)',
      list,
    )
    .option('--heatmaps <which>', 'draw where each loss comes from, as PNG: worst:20, best:N, all (default: none)')
    .option('--assets <where>', 'images of the html report: inline, or link (files in assets/) (default: inline)')
    .addOption(
      new Option(
        '--shard <i/n>',
        'score one part of the dataset and write its rows for cv-loss merge: 3/16, from 1/16 to 16/16',
      )
        .argParser(parseShard)
        .conflicts(['json', 'github', 'baseline', 'updateBaseline']),
    )
    .addOption(queueOption())
    .addOption(shardsOption())
    .addOption(sharedOption())
    .addOption(
      new Option('--resume <mode>', 'rows that an interrupted run left in the report directory')
        .choices(['auto', 'never', 'require'])
        .default('auto'),
    )
    .option('--gate <rule>', "exit 1 unless it holds: 'mse.mean<=0.01', 'ssim>=0.95'; repeats", collectGate)
    .option('--baseline <dir>', 'a report to compare with: exit 1 when a loss got worse')
    .option(
      '--limit <limit>',
      'by how much a mean may worsen: mse=0.001, ssim=1%, or 2% for all; repeats',
      collectLimit,
    )
    .option('--update-baseline', 'make this report the baseline, whatever the comparison says')
    .option('--device <name>', 'auto, cpu, tensorflow or webgpu (default: auto)')
    .option('--require-gpu', 'refuse to run where no GPU would be used')
    .option('--batch-size <n>', 'samples computed at once (default: by size)', positiveInteger)
    .option('--jobs <n>', 'cores to use (default: all, where it pays); rows are the same for any', positiveInteger)
    .option('--max-memory <size>', 'what images and tensors may take: 4GiB (default: as the device allows)')
    .option('--no-cache', 'compute every feature and embedding, and keep none for later runs')
    .addOption(new Option('--profile', 'say where the time goes, by stage and by loss').conflicts('series'))
    .option('--worst <k>', 'how many of the worst pairs to print for each loss', wholeNumber, 5)
    .option('--github', 'annotations and step summary for GitHub Actions')
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
  cv-loss eval --pred out/ --target truth/ --gate 'psnr.mean>=30' --gate 'mse.p95<=0.01'
  cv-loss eval --pred out/ --target truth/ --baseline main/report --limit 1%
  cv-loss eval --pred out/ --target truth/ --losses mse,ssim --heatmaps worst:20
  cv-loss eval --series 'runs/epoch-*/out' --target truth/
  cv-loss eval --pred out/ --target truth/ --shard 3/16 --report shard-3
  cv-loss eval --pred out/ --target truth/ --queue redis://host:6379 --report /data/report
  cv-loss eval --pairs pairs.csv --losses mae --json --no-report
  cv-loss eval --embeddings faces.npy --labels labels.csv --losses triplet,contrastive
  cv-loss eval --real real.csv --fake fake.csv --losses wgan,lsgan`,
    )
    .action(runEval);
}

async function runEval(flags: EvalFlags): Promise<void> {
  const {resolveConfig} = await import('../config/resolve.js');
  const progress = await makeProgress('scoring', flags.quiet === true);
  let foundConfig: string | null = null;
  let queued: Queued | null = null;
  const stop = interruption({
    interrupted:
      flags.queue === undefined
        ? 'interrupted; no report was written'
        : 'interrupted; the shards stay in the queue, and the same command goes on with them',
    ...(flags.queue === undefined && {finishing: 'finishing the batch under way; once more stops at once'}),
  });
  stop.signal.addEventListener('abort', () => progress.stop());
  try {
    refuseWithoutQueue(flags);
    if (flags.shard && flags.report === false)
      throw new UsageError('CVL-A006', '--shard writes its rows into the report directory; leave out --no-report');
    const request = requestOf(flags);
    const config = await resolveConfig({
      ...request,
      flags: flagConfig(flags),
      onFoundConfig: (file) => {
        foundConfig = file;
      },
    });
    const watching: Watching = {
      signal: stop.signal,
      keepRows: false,
      resume: flags.resume,
      cache: flags.cache,
      ...(flags.shard && {shard: flags.shard}),
      onNotice: (line) => progress.log(`cv-loss: ${line}`),
      begin(steps, unit, doing) {
        stop.begin();
        progress.start(steps, unit, doing);
      },
      step: () => progress.step(),
      stop: () => progress.stop(),
    };
    const shown = {...flags, foundConfig};
    queued = flags.queue === undefined ? null : await openQueued(flags, config, watching);
    const reports = await (config.series === null ? scoreOne : scoreSeries)(config, shown, watching, queued);
    process.exitCode = exitCodeOf(reports);
  } catch (error) {
    progress.stop();
    endWith(error);
  } finally {
    await queued?.close();
    stop.release();
  }
}

async function scoreOne(
  config: Config,
  shown: Shown,
  watching: Watching,
  queued: Queued | null,
): Promise<readonly Report[]> {
  const {evaluateConfig} = await import('../evaluate.js');
  const undefinedRows: Row[] = [];
  const options: EvaluateOptions = {
    ...watching,
    ...queued?.options,
    profile: shown.profile ?? false,
    onImages: ({role, count}) =>
      watching.begin(count, 'images', role === 'images' ? 'running the model' : `running the model on ${role}`),
    onImage: () => watching.step(),
    onStart: ({samples, task}) =>
      watching.begin(samples, task === 'embedding' || task === 'adversarial' ? 'rows' : 'pairs'),
    onRow: (row) => {
      if (!queued) watching.step();
      if (row.status === 'undefined' && undefinedRows.length < ROWS_SHOWN) undefinedRows.push(row);
    },
  };
  const evaluation = await evaluateConfig(config, options, queued?.rowsOf);
  await queued?.finish();
  watching.stop();
  await showEvaluation(evaluation, {...shown, shard: watching.shard, undefinedRows});
  const {stages, seconds} = evaluation;
  if (stages) log((await import('./stages-text.js')).stagesText(stages, seconds));
  return [evaluation.report];
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
