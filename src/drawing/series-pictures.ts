import {classColours} from '../pictures/class-colours.js';
import {PictureAlbum} from '../pictures/picture-album.js';
import {type SamplePictures, samplePictures} from '../pictures/sample-pictures.js';
import type {GalleryRuns, GalleryRunsItem} from '../rows/gallery.js';
import type {Row} from '../rows/row.js';
import {labelPairOf} from '../run/label-pair.js';
import {ReloadedSamples} from '../run/reloaded-samples.js';
import {shownRasters} from '../run/shown-rasters.js';
import type {Run} from '../run/start.js';
import {type GalleryOptions, MOST_BYTES, SIDES, tellFitted, writeAlbum} from './gallery.js';
import {type SpreadSample, SpreadSamples} from './spread-samples.js';

/** A set of a series. */
export interface DrawnSet {
  readonly name: string;
  readonly run: Run;
}

/** The longer side of the images, in pixels: there are as many side by side as there are sets. */
const SIDE = 256;

/** The samples that differ most between the sets of a series: chosen as rows pass by, drawn when all have. */
export class SeriesPictures {
  private readonly samples: SpreadSamples;

  /** `count`: samples of each column. */
  constructor(
    private readonly sets: readonly DrawnSet[],
    count: number,
  ) {
    this.samples = new SpreadSamples(
      sets.map(({run}) => run),
      count,
    );
  }

  /** Takes the next row of a set, by its place among them. */
  add(set: number, row: Row): void {
    this.samples.add(set, row);
  }

  /** After the last row, while the runs are open: the samples of each column that differ most. Throws as `buildGallery` does. */
  async draw({folder, maxBytes = MOST_BYTES, onNotice, signal}: GalleryOptions): Promise<GalleryRuns> {
    const chosen = this.samples.byColumn();
    const album = new PictureAlbum(SIDE);
    const problems = new Set<string>();
    const samples = new Map(Object.values(chosen).flatMap((list) => list.map((sample) => [sample.key, sample])));
    for (const [set, {name, run}] of this.sets.entries()) {
      const reloaded = new ReloadedSamples(run, signal);
      for (const sample of samples.values()) await addSet(album, {set, run, reloaded}, sample);
      for (const line of reloaded.problems()) problems.add(`${name}: ${line}`);
    }
    const fitted = await album.fit(maxBytes, SIDES);
    if (fitted.side < SIDE || fitted.dropped > 0) tellFitted(fitted, maxBytes, onNotice);
    for (const line of problems) onNotice?.(`gallery: ${line}`);
    if (folder) await writeAlbum(album, folder);
    const item = (sample: SpreadSample) => itemOf(sample, album, folder !== null);
    const changed = Object.entries(chosen).map(([column, list]) => [column, list.map(item)] as const);
    return {names: this.sets.map(({name}) => name), changed: Object.fromEntries(changed)};
  }
}

/** Adds the prediction of a set, and the target where no set before brought it. */
async function addSet(
  album: PictureAlbum,
  {set, run, reloaded}: {readonly set: number; readonly run: Run; readonly reloaded: ReloadedSamples},
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
