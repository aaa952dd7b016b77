import * as tf from '@tensorflow/tfjs-core';
import {UsageError} from '../errors.js';
import type {ClassName, LossContext, LossDescriptor, LossInstance} from '../losses/contract.js';
import type {Reading} from '../losses/sample-contract.js';
import {asBatch, isMap, viewTensor} from './image-tensor.js';
import {type BatchReduction, functionOptions} from './options.js';
import {tensorBatch} from './tensor-batch.js';

type Tensor = tf.Tensor;

/** What a loss function is made of. */
export interface FunctionOf {
  readonly descriptor: Pick<LossDescriptor, 'id' | 'inputs' | 'optionalInputs' | 'options' | 'create'>;
  /** Options that the function has one value for. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Options that it has no use for. */
  readonly unused?: readonly string[];
}

/** The loss of tensors by role, as a scalar, or as `[n]` where `batch` is `none`. */
export type RoleFunction = (roles: Readonly<Record<string, Tensor | undefined>>) => Tensor;

/** Makes the function of a loss of samples, with its options. Throws UsageError for options that are wrong. */
export function sampleFunction({descriptor, ...which}: FunctionOf, given: object): RoleFunction {
  const {id, inputs, optionalInputs = {}} = descriptor;
  const {batch, options} = functionOptions(id, {options: descriptor.options, ...which}, {...given});
  if (options.input === 'auto') {
    throw new UsageError('CVL-T002', `${id}: say what the prediction holds: input: 'probabilities' or input: 'logits'`);
  }
  const readings: Readonly<Record<string, Reading>> = {...inputs, ...optionalInputs};
  const made = new Map<number, LossInstance>();
  const instanceFor = (channels: number) => {
    const classes = readings.pred === 'mask' ? channels : 1;
    const instance = made.get(classes) ?? openInstance(descriptor, options, classesOf(classes));
    made.set(classes, instance);
    return instance;
  };
  // A mistake in the options is said at once; how many classes there are, the first tensor says.
  instanceFor(1);
  return (roles) => {
    checkRoles(id, roles, inputs, readings);
    const names = Object.keys(roles).filter((role) => roles[role] !== undefined);
    return tf.tidy(() => {
      const pred = roles.pred as Tensor;
      const given = names.map((role) => {
        const about = {loss: id, role, reading: readings[role] as Reading};
        return [role, asBatch(tf, roles[role] as Tensor, {...about, dimensions: pred.rank === 3 ? 3 : 4})] as const;
      });
      checkSizes(id, given, readings);
      const {view, program} = instanceFor(pred.shape[pred.rank - 1] as number);
      const images = given.map(([role, image]) => [
        role,
        viewTensor(tf, image, {loss: id, role, reading: readings[role] as Reading, view}),
      ]);
      const feeds = program?.feed(tensorBatch(tf, Object.fromEntries(images), readings)) ?? {};
      const {'': values} = program?.forward(feeds) ?? {};
      return reduced(values as tf.Tensor1D, batch);
    });
  };
}

export function openInstance(
  {id, create}: FunctionOf['descriptor'],
  options: Record<string, unknown>,
  classes: readonly ClassName[] | null,
): LossInstance {
  const context: LossContext = {
    tf,
    classes,
    signal: new AbortController().signal,
    network: () => Promise.reject(new UsageError('CVL-T003', `${id}: networks are for evaluate`)),
  };
  const instance = create(options, context);
  if (instance instanceof Promise) throw new TypeError(`${id} is no function of tensors alone`);
  if (instance.prepare) {
    throw new UsageError(
      'CVL-T003',
      `${id}: these options need a first pass over the dataset, which only evaluate makes`,
    );
  }
  if (!instance.program)
    throw new UsageError('CVL-T003', `${id}: with these options it is no tensor program: use evaluate`);
  return instance;
}

/** Classes by channel; null where the scores are binary. */
function classesOf(channels: number): readonly ClassName[] | null {
  return channels === 1 ? null : Array.from({length: channels}, (_, id) => ({id, name: String(id)}));
}

export function checkRoles(
  id: string,
  roles: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, Reading>>,
  readings: Readonly<Record<string, Reading>>,
): void {
  for (const role of Object.keys(inputs)) {
    if (!(roles[role] instanceof tf.Tensor)) throw new UsageError('CVL-T001', `${id}: expected a tensor as ${role}`);
  }
  for (const [role, given] of Object.entries(roles)) {
    if (given === undefined) continue;
    if (!Object.hasOwn(readings, role)) {
      throw new UsageError('CVL-T001', `${id}: unknown role '${role}', expected ${Object.keys(readings).join(', ')}`);
    }
    if (!(given instanceof tf.Tensor)) throw new UsageError('CVL-T001', `${id}: expected a tensor as ${role}`);
  }
}

export function checkSizes(
  id: string,
  given: readonly (readonly [string, tf.Tensor4D])[],
  readings: Readonly<Record<string, Reading>>,
): void {
  const [[first, {shape}] = ['', {shape: []}]] = given;
  for (const [role, image] of given) {
    const channels = image.shape[3];
    if ([0, 1, 2].some((axis) => image.shape[axis] !== shape[axis])) {
      throw new UsageError(
        'CVL-T001',
        `${id}: ${first} has the shape [${shape.join(', ')}] and ${role} [${image.shape.join(', ')}]`,
      );
    }
    if (readings[role] === readings[first] && channels !== shape[3]) {
      throw new UsageError('CVL-T001', `${id}: ${first} has ${shape[3]} channels and ${role} ${channels}`);
    }
    if (isMap(readings[role] as Reading) && channels !== 1) {
      throw new UsageError('CVL-T001', `${id}: expected ${role} of one channel, got ${channels}`);
    }
  }
}

/** The values `[n]` of a batch as one. */
export function reduced(values: tf.Tensor1D, batch: BatchReduction): Tensor {
  if (batch === 'none') return values;
  return batch === 'sum' ? tf.sum(values) : tf.mean(values);
}
