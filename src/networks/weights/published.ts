import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {UsageError} from '../../errors.js';
import {packageFile} from '../../package-files.js';
import {printable} from '../../printable.js';
import type {LoadedNetwork} from '../graph.js';
import {knownNetwork, networkOrigin} from '../known.js';
import {TORCHVISION} from '../preprocessing.js';
import type {LearntWeights} from '../pretrained.js';
import {pullCommand} from '../store/commands.js';
import {withSafetensors} from './safetensors.js';
import {allTensors} from './safetensors-bytes.js';

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
  const path = publishedPath(metric, id);
  if (!existsSync(path)) throw new UsageError('CVL-N009', `no weights of ${metric} were published for network ${id}`);
  if (preprocessing !== TORCHVISION) {
    const network = knownNetwork(id);
    throw new UsageError(
      'CVL-N010',
      `${metric} was made for torchvision's ${id}, these weights (${printable(weightsSource)}) are others: ${pullCommand(network, networkOrigin(network, 'torchvision'))}`,
    );
  }
  return withSafetensors(path, allTensors);
}

/** What all metrics learnt beside a network: none where its weights take another preprocessing than torchvision's. */
export async function learntWeights(loaded: Parameters<typeof publishedWeights>[1]): Promise<LearntWeights> {
  const learnt: Record<string, LearntWeights[string]> = {};
  if (loaded.preprocessing !== TORCHVISION) return learnt;
  for (const metric of METRICS) {
    if (existsSync(publishedPath(metric, loaded.id))) learnt[metric] = await publishedWeights(metric, loaded);
  }
  return learnt;
}

const METRICS = ['lpips', 'dists'];

function publishedPath(metric: string, id: string): string {
  return fileURLToPath(packageFile(`weights/${metric}/${id}.safetensors`));
}
