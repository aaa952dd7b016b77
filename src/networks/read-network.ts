import type {TensorLibrary} from '../device/device.js';
import type {Pooling} from './graph.js';
import {knownNetwork} from './known.js';
import {l2Pooled} from './l2-pooling.js';
import {UNIT} from './preprocessing.js';
import {type LearntWeights, type PretrainedNetwork, pretrainedNetwork} from './pretrained.js';
import {weightsOfTensors} from './weights/named-tensors.js';
import {allTensors, type FileBytes, withSafetensorsBytes} from './weights/safetensors-bytes.js';

/** Which network to make, of weights in memory. */
export interface NetworkBytes {
  /** Its name, as `cv-loss models list` has it. */
  readonly network: string;
  /** A safetensors file of its weights, torchvision's or what `cv-loss models path` names. */
  readonly weights: FileBytes;
  /** `max` (the default), `average`, or `l2` for `dists`. */
  readonly pooling?: Pooling;
  /** `weights`, the default: images are prepared as the weights were trained; `unit`: values in [0, 1] go in as they are. */
  readonly input?: 'weights' | 'unit';
  /** Safetensors files of what metrics learnt beside it: `{lpips: …}`, of cv-loss's `weights/lpips`. */
  readonly learnt?: Readonly<Record<string, FileBytes>>;
}

/**
 * A network of weights in memory, on any platform. Throws UsageError for a network that is not known, and for bytes that
 * are no weights of it.
 */
export async function readNetworkBytes(tf: TensorLibrary, given: NetworkBytes): Promise<PretrainedNetwork> {
  const {network: name, pooling = 'max', input = 'weights'} = given;
  const known = knownNetwork(name);
  const {weights, origin} = await withSafetensorsBytes(given.weights, `weights of ${name}`, (file) =>
    weightsOfTensors(known, file),
  );
  const learnt: Record<string, LearntWeights[string]> = {};
  for (const [metric, bytes] of Object.entries(given.learnt ?? {})) {
    learnt[metric] = await withSafetensorsBytes(bytes, `${metric} of ${name}`, allTensors);
  }
  const {definition} = known;
  const weighted = {
    ...definition,
    ...(pooling === 'l2' && {nodes: l2Pooled(definition)}),
    weights,
    pooling,
    preprocessing: input === 'unit' ? UNIT : origin.preprocessing,
    calibration: null,
  };
  return pretrainedNetwork(tf, weighted, learnt);
}
