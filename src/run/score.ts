import {setImmediate} from 'node:timers/promises';
import {type Device, GPU_LOST} from '../device/device.js';
import {isSampleError, RunError, SampleError} from '../errors.js';
import type {LossInstance} from '../losses/contract.js';
import type {SampleViews} from '../losses/sample-contract.js';
import {notice} from '../notice.js';
import type {Cell} from '../rows/row.js';
import {type DecodedSample, makeBatch, sampleViews} from './batch.js';
import type {ConfiguredLoss} from './configured-loss.js';
import {oneLine} from './error-text.js';
import {batchCells, fusedCells, nameCells, WrongCells} from './loss-cells.js';
import {type Profile, timed} from './profile.js';

/** A loss's cells by column name, or why the loss could not be computed. */
export type LossOutcome = {readonly cells: Readonly<Record<string, Cell>>} | {readonly failure: SampleError};

/** What scoring needs of the run. */
export interface ScoreOptions {
  readonly device: Device;
  /** Seen between two samples; without one, all are computed. */
  readonly signal?: AbortSignal | undefined;
  /** Measures every loss. */
  readonly profile?: Profile | undefined;
  /** Told of a batch that the device had no memory for. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/**
 * One loss over samples of equal shape, an outcome for each in order. On the CPU a loss with a fused form runs that;
 * otherwise samples are batched as the device's memory allows. A sample that makes the loss throw fails alone, and one
 * that does not fit with others is computed without them: a batch that fails is computed again in halves. Throws the signal's reason when aborted, and RunError `out-of-memory` when the
 * backend is lost.
 */
export async function scoreLoss(
  loss: ConfiguredLoss,
  samples: readonly DecodedSample[],
  options: ScoreOptions,
): Promise<LossOutcome[]> {
  return timed(options.profile, loss.id, () => scoreUnmeasured(loss, samples, options));
}

async function scoreUnmeasured(
  loss: ConfiguredLoss,
  samples: readonly DecodedSample[],
  options: ScoreOptions,
): Promise<LossOutcome[]> {
  const prepared = samples.map((sample) => prepareViews(loss, sample));
  const views = prepared.flatMap((one) => ('views' in one ? [one.views] : []));
  const form = ownForm(loss, options.device);
  const scored = form ? await scoreOneByOne(loss, form, views, options) : await scoreBatches(loss, views, options);
  let next = 0;
  return prepared.map((one) => ('views' in one ? (scored[next++] as LossOutcome) : one));
}

/**
 * What computes a loss sample by sample, null where its tensor form does: on the CPU its kernels, and there and on a GPU
 * its network's own executor, where that has one.
 */
function ownForm(
  {instance: {fused, viaNetwork}}: ConfiguredLoss,
  {name, gpu}: Device,
): LossInstance['fused'] | LossInstance['viaNetwork'] {
  if (name === 'cpu') return fused ?? viaNetwork;
  return gpu ? viaNetwork : undefined;
}

/** Whether a loss goes through its network's own executor, and so sample by sample. */
export function scoresViaNetwork(loss: ConfiguredLoss, device: Device): boolean {
  return loss.instance.viaNetwork !== undefined && ownForm(loss, device) === loss.instance.viaNetwork;
}

function prepareViews(loss: ConfiguredLoss, sample: DecodedSample): {views: SampleViews} | LossOutcome {
  try {
    const views = sampleViews(sample, loss.readings, loss.instance.view);
    if (views.height === 0 || views.width === 0) {
      return {cells: nameCells(loss, () => ({undefined: 'crop_border leaves no pixel'}))};
    }
    // Made here so that a file that cannot be read as the loss needs it fails its own row, not its batch.
    for (const role of Object.keys(loss.readings)) if (views.has(role)) views.view(role);
    views.weights();
    return {views};
  } catch (error) {
    return {failure: asFailure(loss, error)};
  }
}

async function scoreOneByOne(
  loss: ConfiguredLoss,
  form: NonNullable<LossInstance['fused'] | LossInstance['viaNetwork']>,
  views: readonly SampleViews[],
  {signal}: ScoreOptions,
): Promise<LossOutcome[]> {
  const outcomes: LossOutcome[] = [];
  for (const sample of views) {
    try {
      outcomes.push({cells: fusedCells(loss, await form(sample))});
    } catch (error) {
      outcomes.push({failure: asFailure(loss, error)});
    }
    await letOthersRun(signal);
  }
  return outcomes;
}

async function scoreBatches(
  loss: ConfiguredLoss,
  views: readonly SampleViews[],
  options: ScoreOptions,
): Promise<LossOutcome[]> {
  const {device, signal} = options;
  const outcomes: LossOutcome[] = [];
  const [first] = views;
  if (!first) return outcomes;
  const bytes = memoryOf(loss, first);
  const fitting = Math.floor(device.memoryLimit / Math.max(1, bytes));
  if (fitting === 0) return views.map((sample) => ({failure: tooLarge(loss, sample, bytes, device)}));
  for (let at = 0; at < views.length; at += fitting) {
    outcomes.push(...(await scoreBatch(loss, views.slice(at, at + fitting), options)));
    await letOthersRun(signal);
  }
  return outcomes;
}

async function scoreBatch(
  loss: ConfiguredLoss,
  views: readonly SampleViews[],
  options: ScoreOptions,
): Promise<LossOutcome[]> {
  const {device, onNotice} = options;
  await device.ready();
  const batch = makeBatch(views, device.tf);
  try {
    const compute = () => loss.instance.perSample(batch);
    const cells = batchCells(loss, await (device.checked?.(compute) ?? compute()), views.length);
    return cells.map((ofSample) => ({cells: ofSample}));
  } catch (error) {
    const failure = asFailure(loss, error);
    // In halves, a loss that mixes its samples would come out right, and only for that reason.
    if (views.length === 1 || error instanceof WrongCells) return views.map(() => ({failure}));
    if (failure.code === 'out-of-memory') {
      onNotice?.(
        notice(
          'CVL-W016',
          `${loss.id}: device ${device.name} has no memory for ${views.length} samples at once: in halves`,
        ),
      );
    }
  } finally {
    batch.dispose();
  }
  const half = Math.ceil(views.length / 2);
  const first = await scoreBatch(loss, views.slice(0, half), options);
  return [...first, ...(await scoreBatch(loss, views.slice(half), options))];
}

/** Computing blocks the event loop: between two samples, decoding gets its turn and an interruption is seen. */
export async function letOthersRun(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/** Bytes of tensors that one sample of this shape takes. */
function memoryOf({instance, descriptor}: ConfiguredLoss, sample: SampleViews): number {
  const roles = Object.keys(descriptor.inputs).filter((role) => sample.has(role));
  const channels = Math.max(...roles.map((role) => sample.view(role).channels));
  return instance.memory(sample.height, sample.width, channels);
}

function tooLarge(loss: ConfiguredLoss, sample: SampleViews, bytes: number, device: Device): SampleError {
  const gibibytes = (count: number) => `${(count / 2 ** 30).toPrecision(2)} GiB`;
  return new SampleError(
    'out-of-memory',
    `${loss.id}: ${sample.width}x${sample.height} pixels need about ${gibibytes(bytes)} of tensor memory, ${device.memoryLimitFrom ?? `device ${device.name}`} has ${gibibytes(device.memoryLimit)}; score smaller images or crops`,
  );
}

/**
 * The error of a loss as the failure of its row. After a trap (RuntimeError) the wasm module computes nothing more, so
 * that one ends the run.
 */
export function asFailure(loss: ConfiguredLoss, error: unknown): SampleError {
  const message = `${loss.id}: ${oneLine(error)}`;
  if (isSampleError(error)) return new SampleError(error.code, message, {cause: error});
  if (error instanceof Error && error.name === 'RuntimeError') {
    const remedy = `${loss.id}: the tensor backend ran out of memory (${oneLine(error)}); lower --batch-size`;
    throw new RunError('out-of-memory', remedy, {cause: error});
  }
  if (error instanceof Error && error.message.startsWith(GPU_LOST)) {
    throw new RunError('device-lost', `${message}; run the same command again to go on`, {cause: error});
  }
  return new SampleError(OUT_OF_MEMORY.test(message) ? 'out-of-memory' : 'loss-failed', message, {cause: error});
}

/** What V8 and TensorFlow say when an allocation fails. */
const OUT_OF_MEMORY = /\bOOM\b|allocation failed|invalid typed array length/i;
