import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {packageFile} from '../../package-files.js';
import {errorCode} from '../../storage/storage-error.js';
import type {ConvolutionWeights, Pooling} from '../graph.js';
import type {KnownNetwork} from '../known.js';
import {fileWeights} from './file.js';

/** The weights that ship with the package, of a network that has such. Throws UsageError when the file is damaged. */
export async function bundledWeights(network: KnownNetwork): Promise<Map<string, ConvolutionWeights>> {
  return (await fileWeights(network, bundledPath(network))).weights;
}

/** Where the package has a network's weights. */
export function bundledPath({definition}: KnownNetwork): string {
  return fileURLToPath(packageFile(`weights/${definition.id}-features.safetensors`));
}

/** The hash that a network's bundled weights have; null where the package does not say. */
export async function bundledHash({definition}: KnownNetwork): Promise<string | null> {
  return (await readCalibration(definition.id))?.weights_sha256 ?? null;
}

/** What `weights/ID-calibration.json` holds: `scripts/calibrate.js` writes it. */
interface CalibrationFile {
  readonly made_by: string;
  readonly images: readonly string[];
  readonly weights_sha256: string;
  /** The mean squared activation of each layer, for each way the network can be run. */
  readonly mean_squared_activation: readonly Calibration[];
}

/** The constants of one way to run a network. */
interface Calibration {
  readonly input: 'weights' | 'unit';
  readonly pooling: 'max' | 'average';
  readonly layers: Readonly<Record<string, number>>;
}

/** The constants that were computed with exactly these weights, input and pooling; null where the package has none. */
export async function bundledCalibration(
  network: KnownNetwork,
  hash: string,
  {input, pooling}: {readonly input: Calibration['input']; readonly pooling: Pooling},
): Promise<Calibration['layers'] | null> {
  if (!network.bundled) return null;
  const file = await readCalibration(network.definition.id);
  if (file === null) return null;
  if (file.weights_sha256 !== hash) return null;
  return file.mean_squared_activation.find((one) => one.input === input && one.pooling === pooling)?.layers ?? null;
}

async function readCalibration(id: string): Promise<CalibrationFile | null> {
  try {
    return JSON.parse(await readFile(packageFile(`weights/${id}-calibration.json`), 'utf8')) as CalibrationFile;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
