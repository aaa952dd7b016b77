import {notice} from '../notice.js';
import {encodedHeat} from '../pictures/encode-picture.js';
import {type HeatScale, HeatScaler} from '../pictures/heat-scale.js';
import {safePath} from '../pictures/safe-path.js';
import {KeptMaps} from '../run/kept-maps.js';
import {type MappedLoss, mappedLosses, pixelMapOf} from '../run/pixel-maps.js';
import {ReloadedSamples} from '../run/reloaded-samples.js';
import type {ShownSample} from '../run/shown-samples.js';
import type {Run} from '../run/start.js';
import type {AtomicFolder} from '../storage/atomic-folder.js';
import {heatIndex} from './heat-index.js';

/** What drawing needs beside the run. */
export interface DrawOptions {
  readonly onNotice?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The samples that are shown of a column, the first one first. */
export type SamplesOf = (column: string) => readonly ShownSample[];

/** One picture: a loss over a sample. */
interface Drawn extends MappedLoss {
  readonly sample: ShownSample;
  /** From the folder. */
  readonly file: string;
}

/**
 * Draws the maps of the chosen samples of each loss into `ID/KEY.png` of a folder, and index.json, which says what their
 * colours stand for. All maps of a loss have one scale; samples are decoded again, and one that changed since it was
 * scored, or has no map, is told of and left out. Throws RunError where the folder cannot be written, and the signal's
 * reason when aborted.
 */
export async function writeHeatMaps(
  run: Run,
  shown: SamplesOf,
  folder: AtomicFolder,
  {onNotice, signal}: DrawOptions,
): Promise<void> {
  const losses = mappedLosses(run.losses);
  const wanted = picturesOf(losses, shown);
  const samples = new ReloadedSamples(run, signal);
  const kept = new KeptMaps();
  const scalers = scalersOf(losses, shown);
  // Twice over the samples: first for the scale that they share, then for the pictures.
  const drawn: Drawn[] = [];
  for (const one of wanted) {
    const map = await samples.unlessRefused(one.sample, (decoded) => pixelMapOf(one, decoded));
    if (map === null) continue;
    scalers.get(one.loss.id)?.add(map);
    kept.add(one.file, map);
    drawn.push(one);
  }
  const scales = new Map([...scalers].map(([id, scaler]) => [id, scaler.scale()]));
  for (const one of drawn) {
    const {sample, file, loss, map} = one;
    const made = kept.take(file) ?? (await pixelMapOf(one, await samples.decoded(sample)));
    await folder.add(file, await encodedHeat(made, scales.get(loss.id) as HeatScale, map.better));
  }
  await folder.add('index.json', heatIndex(losses, scales, drawn));
  for (const line of samples.problems()) onNotice?.(notice('CVL-W022', `heatmaps: ${line}`));
}

/** Sample by sample, so that each is decoded once for all its losses. */
function picturesOf(losses: readonly MappedLoss[], shown: SamplesOf): Drawn[] {
  const bySample = new Map<string, Drawn[]>();
  for (const mapped of losses) {
    for (const sample of shown(mapped.loss.id)) {
      const own = bySample.get(sample.key) ?? [];
      bySample.set(sample.key, own);
      own.push({...mapped, sample, file: `${mapped.loss.id}/${safePath(sample.key)}.png`});
    }
  }
  return [...bySample.values()].flat();
}

function scalersOf(losses: readonly MappedLoss[], shown: SamplesOf): ReadonlyMap<string, HeatScaler> {
  return new Map(losses.map(({loss: {id}, map}) => [id, new HeatScaler(map.better, shown(id).length)]));
}
