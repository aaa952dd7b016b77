import type {KnownNetwork} from '../known.js';
import {type FileWeights, weightsOfTensors} from './named-tensors.js';
import {withTensorFile} from './open-file.js';

/**
 * A network's weights from a file in any format that `withTensorFile` opens, whose tensors are named as one of the network's
 * origins names them, or as cv-loss does. What else the file holds (a classifier) is not read.
 * Throws UsageError that names the first tensor that is missing, or has another shape or type, and the network that the
 * file looks like where it is another.
 */
export async function fileWeights(network: KnownNetwork, path: string): Promise<FileWeights> {
  return withTensorFile(path, (file) => weightsOfTensors(network, file));
}
