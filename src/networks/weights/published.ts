import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {UsageError} from '../../errors.js';
import {packageFile} from '../../package-files.js';
import {printable} from '../../printable.js';
import type {LoadedNetwork} from '../graph.js';
import {knownNetwork, networkOrigin} from '../known.js';
import {TORCHVISION} from '../preprocessing.js';
import {pullCommand} from '../store/commands.js';
import {withSafetensors} from './safetensors.js';

/**
 * What a metric (`lpips`, `dists`) learnt beside a network, by the names its README in weights/ lists. It ships with the
 * package.
 * Throws UsageError where nothing was published for this network, where its weights take another preprocessing than
 * torchvision's, which these metrics were trained on, and where the file is damaged.
 */
export async function publishedWeights(
  metric: string,
  {id, preprocessing, weightsSource}: Pick<LoadedNetwork, 'id' | 'preprocessing' | 'weightsSource'>,
): Promise<Record<string, Float32Array>> {
  const path = fileURLToPath(packageFile(`weights/${metric}/${id}.safetensors`));
  if (!existsSync(path)) throw new UsageError('CVL-N009', `no weights of ${metric} were published for network ${id}`);
  if (preprocessing !== TORCHVISION) {
    const network = knownNetwork(id);
    throw new UsageError(
      'CVL-N010',
      `${metric} was made for torchvision's ${id}, these weights (${printable(weightsSource)}) are others: ${pullCommand(network, networkOrigin(network, 'torchvision'))}`,
    );
  }
  return withSafetensors(path, async ({entries, read}) => {
    const weights: Record<string, Float32Array> = {};
    for (const name of entries.keys()) weights[name] = await read(name);
    return weights;
  });
}
