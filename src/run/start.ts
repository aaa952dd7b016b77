import type {Device} from '../device/device.js';
import {type DeviceChoice, startDevice} from '../device/start.js';
import {UsageError} from '../errors.js';
import type {SizePolicy} from '../images/pair.js';
import type {ClassName, Reading} from '../losses/contract.js';
import type {Column, Row} from '../rows/row.js';
import type {SampleTable} from '../samples/sample.js';
import {classesOfScores} from './classes.js';
import {type ConfiguredLoss, createLosses, type LossEntry, runColumns} from './configured-loss.js';
import {datasetOf} from './dataset.js';
import type {FileOptions} from './decoded-file.js';
import {SampleLoader} from './load.js';
import {prefetch} from './prefetch.js';
import {bytesOf, scoreRows} from './rows.js';

/** What a run computes and on what. */
export interface RunSettings extends FileOptions {
  readonly losses: readonly LossEntry[];
  /** Null: binary, unless the first prediction's scores have several channels. */
  readonly classes: readonly ClassName[] | null;
  readonly size: SizePolicy;
  readonly device: DeviceChoice;
  /** Samples computed at once; null chooses by size. */
  readonly batchSize: number | null;
}

/** A run made ready: nothing is decoded yet, apart from what a loss's first pass needed. */
export interface Run {
  readonly device: Device;
  readonly losses: readonly ConfiguredLoss[];
  readonly columns: readonly Column[];
  /** What losses found in their first pass over the dataset, by id. */
  readonly prepared: Readonly<Record<string, unknown>>;
  /** The rows, in key order. */
  rows(): AsyncGenerator<Row>;
  close(): void;
}

/**
 * Starts the device, creates the losses and lets them make their first pass. Throws UsageError for a device that does
 * not work or an option that does not fit, and the signal's reason when aborted.
 */
export async function startRun(
  settings: RunSettings,
  {samples, shared}: SampleTable,
  signal: AbortSignal,
): Promise<Run> {
  const device = await startDevice(settings.device);
  const network = () => Promise.reject(new UsageError('networks are not built yet'));
  const classes = settings.classes ?? (await classesOfScores(settings, samples));
  const losses = await createLosses(settings.losses, {tf: device.tf, network, signal, classes});
  const close = () => {
    for (const {instance} of losses) instance.dispose?.();
  };
  const prepared: Record<string, unknown> = {};
  try {
    for (const loss of losses) {
      if (!loss.instance.prepare) continue;
      prepared[loss.id] = await loss.instance.prepare(datasetOf(loss, samples, settings, signal));
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    device,
    losses,
    columns: runColumns(losses),
    prepared,
    rows() {
      const loader = new SampleLoader(
        {...settings, classes, readings: readingsOf(losses)},
        new Set(Object.values(shared)),
      );
      const loaded = prefetch(samples, (sample) => loader.load(sample), bytesOf);
      return scoreRows(loaded, {losses, device, batchSize: settings.batchSize, signal});
    },
    close,
  };
}

/** The readings that the run's losses ask of each role. */
function readingsOf(losses: readonly ConfiguredLoss[]): Map<string, Set<Reading>> {
  const byRole = new Map<string, Set<Reading>>();
  for (const {readings} of losses) {
    for (const [role, reading] of Object.entries(readings))
      byRole.set(role, (byRole.get(role) ?? new Set()).add(reading));
  }
  return byRole;
}
