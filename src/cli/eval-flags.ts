import type {ConfigRequest} from '../config/resolve.js';
import type {Shard} from '../samples/shard.js';
import type {QueueFlags} from './eval-queue.js';
import type {GateFlags} from './gate-option.js';
import type {Limits} from './limit-option.js';

/** The flags of `eval`, as commander hands them over. */
export interface EvalFlags extends QueueFlags {
  readonly pred?: string;
  readonly target?: string;
  readonly series?: readonly string[];
  readonly input?: readonly [string, string][];
  readonly match?: readonly [string, string][];
  readonly pairs?: string;
  readonly embeddings?: string;
  readonly labels?: string;
  readonly real?: string;
  readonly fake?: string;
  readonly saveEmbeddings?: string;
  readonly saveScores?: string;
  readonly saveImages?: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly losses?: readonly string[];
  readonly preset?: string;
  readonly plugin?: readonly string[];
  readonly task?: string;
  readonly report?: string | false;
  readonly reportFormat?: readonly string[];
  readonly heatmaps?: string;
  readonly assets?: string;
  readonly groupBy?: string;
  readonly allowMissing?: boolean;
  readonly gate?: GateFlags;
  readonly baseline?: string;
  readonly limit?: Limits;
  readonly updateBaseline?: boolean;
  readonly device?: string;
  readonly requireGpu?: boolean;
  readonly batchSize?: number;
  readonly jobs?: number;
  readonly profile?: boolean;
  readonly maxMemory?: string;
  readonly cache: boolean;
  readonly worst: number;
  readonly github?: boolean;
  readonly shard?: Shard;
  readonly resume: 'auto' | 'never' | 'require';
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags that stand for config keys, under the names a config uses. */
export function flagConfig(flags: EvalFlags): Record<string, unknown> {
  const {pred, target, input = [], match = [], report, reportFormat} = flags;
  const config = given({
    task: flags.task,
    inputs: given({pred, target, ...Object.fromEntries(input)}),
    series: flags.series,
    match: given(Object.fromEntries(match)),
    pairs: flags.pairs,
    ...vectorFlags(flags),
    generators: given({save: flags.saveImages}),
    losses: flags.losses,
    preset: flags.preset,
    plugins: flags.plugin,
    group_by: flags.groupBy,
    allow_missing: flags.allowMissing,
    gates: flags.gate,
    baseline: given({dir: flags.baseline, ...flags.limit, update: flags.updateBaseline}),
    device: flags.device,
    require_gpu: flags.requireGpu,
    batch_size: flags.batchSize,
    jobs: flags.jobs,
    max_memory: flags.maxMemory,
    report: given({
      dir: report === false ? null : report,
      formats: reportFormat,
      heatmaps: flags.heatmaps,
      assets: flags.assets,
    }),
  });
  return config ?? {};
}

/** `--real` and `--fake` are scores, and vectors where the task is embedding. */
function vectorFlags({
  task,
  embeddings: file,
  labels,
  real,
  fake,
  saveEmbeddings,
  saveScores,
}: EvalFlags): Record<string, unknown> {
  const sets = task === 'embedding' ? {real, fake} : {};
  return {
    embeddings: given({file, labels, ...sets, save: saveEmbeddings}),
    scores: given({...(task === 'embedding' ? {} : {real, fake}), save: saveScores}),
  };
}

/** The values that are there; undefined when none is. */
function given(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Where the config comes from, as the flags say. */
export function requestOf(flags: EvalFlags): ConfigRequest {
  return {
    from: 'flags',
    ...(flags.config === undefined ? {} : {file: flags.config}),
    set: flags.set ?? [],
    discover: true,
    defaultReportDir: 'cv-loss-report',
  };
}
