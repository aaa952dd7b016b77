import type {Device} from '../device/device.js';
import {RunError, SampleError} from '../errors.js';
import type {LossInstance, SampleViews} from '../losses/contract.js';
import type {Cell} from '../rows/row.js';
import {type DecodedSample, makeBatch, sampleViews} from './batch.js';
import {type ConfiguredLoss, columnName} from './configured-loss.js';

/** A loss's cells by column name, or why the loss could not be computed. */
export type LossOutcome = {readonly cells: Readonly<Record<string, Cell>>} | {readonly failure: SampleError};

/**
 * One loss over samples of equal shape. On the CPU a loss with a fused form runs that; otherwise samples are
 * batched as the device's memory allows. A sample that makes the loss throw fails alone: its batch is computed
 * again one by one.
 */
export async function scoreLoss(
  loss: ConfiguredLoss,
  samples: readonly DecodedSample[],
  device: Device,
): Promise<LossOutcome[]> {
  const outcomes: LossOutcome[] = new Array(samples.length);
  const views: SampleViews[] = [];
  const places: number[] = [];
  samples.forEach((sample, i) => {
    const prepared = prepareViews(loss, sample);
    if ('views' in prepared) {
      views.push(prepared.views);
      places.push(i);
    } else outcomes[i] = prepared;
  });
  const scored =
    device.name === 'cpu' && loss.instance.fused
      ? views.map((sample) => scoreFused(loss, sample))
      : await scoreBatches(loss, views, device);
  scored.forEach((outcome, i) => {
    outcomes[places[i] as number] = outcome;
  });
  return outcomes;
}

function prepareViews(loss: ConfiguredLoss, sample: DecodedSample): {views: SampleViews} | LossOutcome {
  try {
    const views = sampleViews(sample, loss.readings, loss.instance.view);
    if (views.height === 0 || views.width === 0) {
      return {cells: allUndefined(loss, 'crop_border leaves no pixel')};
    }
    // Made here so that a file that cannot be read as the loss needs it fails its own row, not its batch.
    for (const role of Object.keys(loss.readings)) if (views.has(role)) views.view(role);
    views.weights();
    return {views};
  } catch (error) {
    return {failure: asFailure(loss, error)};
  }
}

function scoreFused(loss: ConfiguredLoss, sample: SampleViews): LossOutcome {
  try {
    const parts = (loss.instance.fused as NonNullable<LossInstance['fused']>)(sample);
    return {cells: nameCells(loss, (part) => parts[part])};
  } catch (error) {
    return {failure: asFailure(loss, error)};
  }
}

async function scoreBatches(
  loss: ConfiguredLoss,
  views: readonly SampleViews[],
  device: Device,
): Promise<LossOutcome[]> {
  const outcomes: LossOutcome[] = [];
  for (let at = 0; at < views.length; ) {
    const size = fittingBatch(loss, views[at] as SampleViews, device);
    if (size === 0) {
      outcomes.push({failure: tooLarge(loss, views[at] as SampleViews, device)});
      at += 1;
      continue;
    }
    const batch = views.slice(at, at + size);
    outcomes.push(...(await scoreBatch(loss, batch, device)));
    at += batch.length;
  }
  return outcomes;
}

async function scoreBatch(loss: ConfiguredLoss, views: readonly SampleViews[], device: Device): Promise<LossOutcome[]> {
  const batch = makeBatch(views, device.tf);
  try {
    const columns = await loss.instance.perSample(batch);
    return views.map((_, i) => ({cells: nameCells(loss, (part) => columns[part]?.[i])}));
  } catch (error) {
    if (views.length === 1) return [{failure: asFailure(loss, error)}];
  } finally {
    batch.dispose();
  }
  const alone: LossOutcome[] = [];
  for (const view of views) alone.push(...(await scoreBatch(loss, [view], device)));
  return alone;
}

/** How many samples of this shape the device's memory takes at once; 0 when not even one. */
function fittingBatch(loss: ConfiguredLoss, sample: SampleViews, device: Device): number {
  return Math.floor(device.memoryLimit / Math.max(1, memoryOf(loss, sample)));
}

function memoryOf({instance, descriptor}: ConfiguredLoss, sample: SampleViews): number {
  const channels = Math.max(...Object.keys(descriptor.inputs).map((role) => sample.view(role).channels));
  return instance.memory(sample.height, sample.width, channels);
}

function tooLarge(loss: ConfiguredLoss, sample: SampleViews, device: Device): SampleError {
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return new SampleError(
    'out-of-memory',
    `${loss.id}: ${sample.width}x${sample.height} pixels need about ${gigabytes(memoryOf(loss, sample))} of tensor memory, device ${device.name} has ${gigabytes(device.memoryLimit)}; score smaller images or crops`,
  );
}

/** The error of a loss as the failure of its row. A trapped wasm module computes nothing more, so that ends the run. */
function asFailure(loss: ConfiguredLoss, error: unknown): SampleError {
  if (error instanceof Error && error.constructor.name === 'RuntimeError') {
    throw new RunError(
      'out-of-memory',
      `${loss.id}: the tensor backend ran out of memory (${error.message}); lower --batch-size`,
      {cause: error},
    );
  }
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const code = error instanceof SampleError ? error.code : 'loss-failed';
  return new SampleError(code, `${loss.id}: ${message}`, {cause: error});
}

function nameCells(loss: ConfiguredLoss, cellOf: (part: string) => Cell | undefined): Record<string, Cell> {
  const cells: Record<string, Cell> = {};
  for (const {part} of loss.instance.columns) {
    const cell = cellOf(part);
    if (cell === undefined) throw new TypeError(`loss '${loss.descriptor.id}' gave no value for its column '${part}'`);
    cells[columnName(loss.id, part)] = cell;
  }
  return cells;
}

function allUndefined(loss: ConfiguredLoss, reason: string): Record<string, Cell> {
  return nameCells(loss, () => ({undefined: reason}));
}
