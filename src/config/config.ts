import type {LossDescriptor} from '../losses/contract.js';
import {type AnyLossDescriptor, type DatasetLossDescriptor, isDatasetLoss} from '../losses/dataset-contract.js';
import type {Reading} from '../losses/sample-contract.js';
import type {BaselineConfig} from './baseline.js';
import type {ClassesConfig, PaletteConfig} from './classes.js';
import type {GatesConfig} from './gates.js';
import type {ShownConfig} from './pictures.js';
import type {PluginRecord} from './plugins.js';
import {GENERATED_ROLES, type GeneratorsConfig} from './user-models.js';
import type {EmbeddingsConfig, ScoresConfig} from './vector-sources.js';

/** One configured loss, of whichever scope. */
export interface AnyLossEntry {
  readonly descriptor: AnyLossDescriptor;
  readonly type: string;
  /** Its name in the run: the type unless the config says otherwise. */
  readonly id: string;
  readonly weight?: number;
  /** What becomes of a value that does not exist: left out of the aggregates, a failed row, or this number. */
  readonly undefined: 'skip' | 'fail' | number;
  /** The loss's own options, checked, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** One configured loss of samples. */
interface LossEntry extends AnyLossEntry {
  readonly descriptor: LossDescriptor;
}

/** One configured loss of whole sets. */
interface DatasetLossEntry extends AnyLossEntry {
  readonly descriptor: DatasetLossDescriptor;
}

/** Losses by their scope, each in the order of the config. */
export function byScope(entries: readonly AnyLossEntry[]): Pick<Config, 'losses' | 'datasetLosses'> {
  const isOfSets = (entry: AnyLossEntry): entry is DatasetLossEntry => isDatasetLoss(entry.descriptor);
  const isOfSamples = (entry: AnyLossEntry): entry is LossEntry => !isOfSets(entry);
  return {losses: entries.filter(isOfSamples), datasetLosses: entries.filter(isOfSets)};
}

/** How files become pixels. */
export interface ImageConfig {
  readonly color: 'auto' | 'grey' | 'rgb';
  readonly alpha: 'error' | 'drop' | `blend #${string}`;
  /** `[height, width]` resamples to that size. */
  readonly size: 'strict' | 'target' | 'crop' | readonly [number, number];
  readonly orient: boolean;
  readonly icc: 'ignore' | 'convert';
  readonly page: number | null;
  readonly max_pixels: number;
  readonly max_seconds: number;
}

/** The files a report may be made of. */
type ReportFormat = 'csv' | 'jsonl' | 'parquet' | 'json' | 'html' | 'junit' | 'openmetrics' | 'markdown' | 'metrics';

/** A whole request, resolved: checked, every default filled in, every path absolute. */
export interface Config {
  readonly task: 'photo' | 'mask' | 'cycle' | 'embedding' | 'adversarial';
  /** The same request as one for masks; null where the task or the losses are written. */
  readonly forMasks: (() => Promise<Config>) | null;
  readonly classes: ClassesConfig | null;
  readonly palette: PaletteConfig | null;
  /** Absolute path or glob of each role. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Absolute paths or globs of prediction sets, each scored for itself; null for one, or none. */
  readonly series: readonly string[] | null;
  /** Pattern of the file names of a role, holding `{key}`. */
  readonly match: Readonly<Record<string, string>>;
  /** Absolute path of the manifest, `-` for standard input. */
  readonly pairs: string | null;
  readonly image: ImageConfig;
  readonly plugins: readonly PluginRecord[];
  /** The losses of samples; none where the task is one of whole sets. */
  readonly losses: readonly LossEntry[];
  /** The losses of whole sets; none where the task is one of images. */
  readonly datasetLosses: readonly DatasetLossEntry[];
  /** What task embedding reads; null for any other. */
  readonly embeddings: EmbeddingsConfig | null;
  /** What task adversarial reads; null for any other. */
  readonly scores: ScoresConfig | null;
  /** Models that make the images of task cycle. */
  readonly generators: GeneratorsConfig | null;
  /** Rules on aggregates. */
  readonly gates: GatesConfig;
  /** What the run is compared with. */
  readonly baseline: BaselineConfig | null;
  readonly group_by: string | null;
  readonly allow_missing: boolean;
  readonly report: {
    /** Absolute; null writes no report. */
    readonly dir: string | null;
    readonly formats: readonly ReportFormat[];
    /** The samples whose maps are drawn, of each loss; null draws none. */
    readonly heatmaps: ShownConfig;
    /** Samples of the html report: the worst of each column, and as many of the best. */
    readonly gallery: number;
    readonly assets: 'inline' | 'link';
  };
  readonly device: 'auto' | 'cpu' | 'tensorflow' | 'webgpu';
  /** Whether a run without a GPU is refused. */
  readonly require_gpu: boolean;
  /** Null: chosen by the run. */
  readonly batch_size: number | null;
  /** Null for all cores, where it pays. */
  readonly jobs: number | null;
  /** Bytes that images and tensors may take; null for no limit but the device's. */
  readonly max_memory: number | null;
}

/** The roles that some loss cannot do without, and that no generator makes. */
export function requiredRoles({losses, generators}: Pick<Config, 'losses' | 'generators'>): Set<string> {
  const needed = losses.flatMap(({descriptor}) => Object.keys(descriptor.inputs));
  return new Set(needed.filter((role) => generators === null || !GENERATED_ROLES.includes(role)));
}

/** How each role is read by the losses of the config, roles that a loss only may use included. */
export function usedReadings(config: Pick<Config, 'losses'>): Map<string, Set<Reading>> {
  const used = new Map<string, Set<Reading>>();
  for (const {descriptor} of config.losses) {
    for (const [role, reading] of Object.entries({...descriptor.inputs, ...descriptor.optionalInputs})) {
      used.set(role, (used.get(role) ?? new Set()).add(reading));
    }
  }
  return used;
}
