import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {UsageError} from '../../errors.js';
import {errorCode} from '../../storage/storage-error.js';
import type {ConvolutionWeights} from '../graph.js';
import type {KnownNetwork} from '../known.js';
import {fileWeights} from './file.js';

/** `weights/` of the package: as far from the compiled file as from its source. */
const FOLDER = new URL('../../../weights/', import.meta.url);

/** The weights that ship with the package. Throws UsageError, with what to give instead, for a network that has none. */
export async function bundledWeights(network: KnownNetwork): Promise<Map<string, ConvolutionWeights>> {
  const {id} = network.definition;
  if (!network.bundled) {
    throw new UsageError(
      `network ${id} has no bundled weights: give weights: FILE (${network.fileOrigin}), or use network: squeezenet1_0`,
    );
  }
  return fileWeights(network, fileURLToPath(new URL(`${id}-features.safetensors`, FOLDER)));
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
  {input, pooling}: Pick<Calibration, 'input' | 'pooling'>,
): Promise<Calibration['layers'] | null> {
  if (!network.bundled) return null;
  const file = await readCalibration(network.definition.id);
  if (file === null) return null;
  if (file.weights_sha256 !== hash) return null;
  return file.mean_squared_activation.find((one) => one.input === input && one.pooling === pooling)?.layers ?? null;
}

async function readCalibration(id: string): Promise<CalibrationFile | null> {
  try {
    return JSON.parse(await readFile(new URL(`${id}-calibration.json`, FOLDER), 'utf8')) as CalibrationFile;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
