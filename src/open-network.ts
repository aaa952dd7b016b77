import * as z from 'zod';
import {poolingAndInput} from './loss-functions/network-choice.js';
import {checkedOptions} from './loss-functions/options.js';
import {networkOptions} from './losses/feature/network-options.js';
import {loadNetwork} from './networks/load.js';
import {type PretrainedNetwork, pretrainedNetwork} from './networks/pretrained.js';
import {learntWeights} from './networks/weights/published.js';

const options = z.strictObject({
  network: z.string().default('squeezenet1_0'),
  weights: networkOptions.weights,
  ...poolingAndInput,
});

/** Which network to open; by default `squeezenet1_0`, which comes with its weights. */
export interface NetworkChoice {
  /** `squeezenet1_0`, `squeezenet1_1`, `alexnet`, `vgg16` or `vgg19`. */
  readonly network?: string;
  /** As a config's `weights`: `default`, `original`, `torchvision`, a file, or `{hashed: seed}` for tests. */
  readonly weights?: string | {readonly hashed: number};
  /** `max` (the default), `average`, or `l2`, which `dists` takes of vgg16. */
  readonly pooling?: 'max' | 'average' | 'l2';
  /** `weights`, the default: images are prepared as the weights were trained; `unit`: values in [0, 1] go in as they are. */
  readonly input?: 'weights' | 'unit';
}

/**
 * Opens a network for the losses of `cv-loss/losses` that compare features, on the backend that TensorFlow.js has set.
 *
 * ```js
 * const network = await openNetwork({network: 'vgg19', weights: 'torchvision'});
 * const loss = perceptual({network, layers: {relu2_2: 1}});
 * ```
 *
 * Throws UsageError for a network that is not known or cannot pool so, and for weights that are missing or wrong.
 */
export async function openNetwork(choice: NetworkChoice = {}): Promise<PretrainedNetwork> {
  const request = checkedOptions('openNetwork', options, choice);
  // Loaded when it is needed: a program that scores files may have another copy, on its own backend.
  const [tf, loaded] = await Promise.all([import('@tensorflow/tfjs-core'), loadNetwork(request)]);
  return pretrainedNetwork(tf, loaded, await learntWeights(loaded));
}
