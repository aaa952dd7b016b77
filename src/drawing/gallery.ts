import {COLOUR_MAP} from '../pictures/colour-map.js';
import type {Fitted} from '../pictures/picture-album.js';
import {PICTURES_SCHEMA} from '../report/earlier.js';
import type {Gallery} from '../rows/gallery.js';
import {mappedLosses} from '../run/pixel-maps.js';
import {ReloadedSamples} from '../run/reloaded-samples.js';
import type {ShownSample} from '../run/shown-samples.js';
import type {Run} from '../run/start.js';
import type {AtomicFolder} from '../storage/atomic-folder.js';
import {GalleryPages} from './gallery-pages.js';
import type {DrawOptions} from './heat-maps.js';

/** The samples of a column that are shown, the worst and the best first. */
export interface ChosenSamples {
  readonly worst: readonly ShownSample[];
  readonly best: readonly ShownSample[];
}

/** Where the images of a gallery go, and what they may take. */
export interface GalleryOptions extends DrawOptions {
  /** Files of `assets/`; null puts the images into the report as data URLs. */
  readonly folder: AtomicFolder | null;
  /** Bytes of all images; 20 MB by default. Images become smaller, then samples fewer, to stay within. */
  readonly maxBytes?: number;
}

/** The longer side that images have at most, in pixels: the first that fits. */
const SIDES = [512, 384, 256, 192, 128, 96] as const;
/** What a pixel takes as WebP, about. */
const BYTES_PER_PIXEL = 0.2;
const MOST_BYTES = 20_000_000;

/**
 * The images of the samples that are shown of each column: prediction, target, their difference or, of masks, where they
 * differ, and the map of each loss, in one scale a loss. Samples are decoded again; one that changed since it was scored,
 * or does not fit, is told of and left out. Throws as `writeHeatMaps` does.
 */
export async function buildGallery(
  run: Run,
  chosen: Readonly<Record<string, ChosenSamples>>,
  {folder, maxBytes = MOST_BYTES, onNotice, signal}: GalleryOptions,
): Promise<Gallery> {
  const ranked = byRank(chosen);
  const side = sideFor(ranked.length * (4 + mappedLosses(run.losses).length), maxBytes);
  const samples = new ReloadedSamples(run, signal);
  const pages = new GalleryPages(run, samples, {side, count: ranked.length});
  for (const sample of ranked) await pages.add(sample);
  await pages.addHeat();
  const fitted = await pages.album.fit(maxBytes, SIDES);
  if (fitted.side < SIDES[0] || fitted.dropped > 0) onNotice?.(fittedLine(fitted, maxBytes));
  for (const line of samples.problems()) onNotice?.(`gallery: ${line}`);
  if (folder) {
    await folder.add('index.json', `${JSON.stringify({schema: PICTURES_SCHEMA})}\n`);
    for (const {file, bytes} of pages.album.files()) await folder.add(file, bytes);
  }
  const items = pages.items(folder !== null);
  const lists = (which: keyof ChosenSamples) =>
    Object.fromEntries(
      Object.entries(chosen).map(([column, of]) => [
        column,
        of[which].map(({key}) => key).filter((key) => Object.hasOwn(items, key)),
      ]),
    );
  return {items, worst: lists('worst'), best: lists('best'), colourMap: COLOUR_MAP};
}

/** Every sample once: first those that are first in some list. */
function byRank(chosen: Readonly<Record<string, ChosenSamples>>): ShownSample[] {
  const lists = Object.values(chosen).flatMap(({worst, best}) => [worst, best]);
  const placed = lists.flatMap((list) => list.map((sample, rank) => ({sample, rank})));
  placed.sort((a, b) => a.rank - b.rank);
  const ranked = new Map<string, ShownSample>();
  for (const {sample} of placed) if (!ranked.has(sample.key)) ranked.set(sample.key, sample);
  return [...ranked.values()];
}

/** Twice the bytes: what is there in the end decides, and most images are simpler than that. */
function sideFor(images: number, maxBytes: number): number {
  return SIDES.find((side) => images * side ** 2 * BYTES_PER_PIXEL <= 2 * maxBytes) ?? (SIDES.at(-1) as number);
}

function fittedLine({side, dropped}: Fitted, maxBytes: number): string {
  const fewer = dropped > 0 ? `, and ${dropped} ${dropped === 1 ? 'sample is' : 'samples are'} left out` : '';
  return `gallery: images are ${side} pixels at most${fewer}, to stay within ${maxBytes / 1e6} MB; a smaller report.gallery shows them larger`;
}
