import {notice} from '../notice.js';
import {classColours} from '../pictures/class-colours.js';
import {PictureAlbum} from '../pictures/picture-album.js';
import {type SamplePictures, samplePictures} from '../pictures/sample-pictures.js';
import type {GalleryRunsItem} from '../rows/gallery.js';
import {labelPairOf} from '../run/label-pair.js';
import {ReloadedSamples} from '../run/reloaded-samples.js';
import {shownRasters} from '../run/shown-rasters.js';
import type {Run} from '../run/start.js';
import {type GalleryOptions, MOST_BYTES, SIDES, tellFitted, writeAlbum} from './gallery.js';
import type {SpreadSample} from './spread-samples.js';

/** A run whose samples are shown beside those of others. */
export interface DrawnSet {
  readonly name: string;
  /** Null where its images cannot be had. */
  readonly run: Pick<Run, 'load' | 'losses' | 'classes' | 'palette'> | null;
}

/** The longer side of the images, in pixels: there are as many side by side as there are sets. */
const SIDE = 256;

/**
 * Draws samples with the prediction of every set and the target that they share, each once whatever lists it is in. A
 * sample that cannot be decoded, or is not what was scored, is told of and has no picture. Throws as `buildGallery` does.
 */
export async function drawSideBySide(
  sets: readonly DrawnSet[],
  chosen: readonly SpreadSample[],
  {folder, maxBytes = MOST_BYTES, onNotice, signal}: GalleryOptions,
): Promise<(sample: SpreadSample) => GalleryRunsItem> {
  const album = new PictureAlbum(SIDE);
  const problems = new Set<string>();
  const samples = new Map(chosen.map((sample) => [sample.key, sample]));
  for (const [set, {name, run}] of sets.entries()) {
    if (run === null) continue;
    const reloaded = new ReloadedSamples(run, signal);
    for (const sample of samples.values()) await addSet(album, {set, run, reloaded}, sample);
    for (const line of reloaded.problems()) problems.add(`${name}: ${line}`);
  }
  const fitted = await album.fit(maxBytes, SIDES);
  if (fitted.side < SIDE || fitted.dropped > 0) tellFitted(fitted, maxBytes, onNotice);
  for (const line of problems) onNotice?.(notice('CVL-W022', `gallery: ${line}`));
  if (folder) await writeAlbum(album, folder);
  return (sample) => itemOf(sample, album, folder !== null);
}

/** Adds the prediction of a set, and the target where no set before brought it. */
async function addSet(
  album: PictureAlbum,
  {
    set,
    run,
    reloaded,
  }: {readonly set: number; readonly run: NonNullable<DrawnSet['run']>; readonly reloaded: ReloadedSamples},
  {key, places}: SpreadSample,
): Promise<void> {
  const place = places[set];
  if (!place) return;
  const pictures = await reloaded.unlessRefused({key, value: 0, ...place}, async (decoded): Promise<SamplePictures> => {
    return samplePictures(
      shownRasters(run.losses, decoded),
      labelPairOf(run.losses, run.classes, decoded),
      classColours(run.palette),
    );
  });
  if (pictures?.pred) await album.add(key, `pred ${set}`, pictures.pred);
  if (pictures?.target && !album.image(key, 'target', false)) await album.add(key, 'target', pictures.target);
}

function itemOf({key, values, places}: SpreadSample, album: PictureAlbum, linked: boolean): GalleryRunsItem {
  const target = album.image(key, 'target', linked);
  return {
    key,
    ...(target && {target}),
    runs: places.map((_, set) => {
      const pred = album.image(key, `pred ${set}`, linked);
      return {value: values[set] ?? null, ...(pred && {pred})};
    }),
  };
}
