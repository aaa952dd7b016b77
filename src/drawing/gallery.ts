import {notice} from '../notice.js';
import {classColours} from '../pictures/class-colours.js';
import {COLOUR_MAP} from '../pictures/colour-map.js';
import {maskColours, overlayColours} from '../pictures/mask-colours.js';
import type {Fitted, PictureAlbum} from '../pictures/picture-album.js';
import {PICTURES_SCHEMA} from '../report/earlier.js';
import type {Gallery} from '../rows/gallery.js';
import {mappedLosses} from '../run/pixel-maps.js';
import {ReloadedSamples} from '../run/reloaded-samples.js';
import type {ShownSample} from '../run/shown-samples.js';
import type {Run} from '../run/start.js';
import type {AtomicFolder} from '../storage/atomic-folder.js';
import type {ChangedSample} from './changed-samples.js';
import {GalleryPages} from './gallery-pages.js';
import type {DrawOptions} from './heat-maps.js';

/** The samples of a column that are shown, the worst and the best first. */
interface ChosenSamples {
  readonly worst: readonly ShownSample[];
  readonly best: readonly ShownSample[];
}

/** The samples of every column, and those that worsened from a baseline where there is one. */
export interface GallerySamples {
  readonly columns: Readonly<Record<string, ChosenSamples>>;
  readonly changed?: Readonly<Record<string, readonly ChangedSample[]>> | undefined;
}

/** Where the images of a gallery go, and what they may take. */
export interface GalleryOptions extends DrawOptions {
  /** Files of `assets/`; null puts the images into the report as data URLs. */
  readonly folder: AtomicFolder | null;
  /** Bytes of all images; 20 MB by default. Images become smaller, then samples fewer, to stay within. */
  readonly maxBytes?: number;
}

/** The longer side that images have at most, in pixels: the first that fits. */
export const SIDES = [512, 384, 256, 192, 128, 96] as const;
/** What a pixel takes as WebP, about. */
const BYTES_PER_PIXEL = 0.2;
/** Of all images of a report. */
export const MOST_BYTES = 20_000_000;

/**
 * The images of the samples that are shown of each column: prediction, target, their difference or, of masks, where they
 * differ, and the map of each loss, in one scale a loss. Samples are decoded again; one that changed since it was scored,
 * or does not fit, is told of and left out. Throws as `writeHeatMaps` does.
 */
export async function buildGallery(
  run: Run,
  {columns, changed}: GallerySamples,
  {folder, maxBytes = MOST_BYTES, onNotice, signal}: GalleryOptions,
): Promise<Gallery> {
  const ranked = byRank(columns, changed ?? {});
  const side = sideFor(ranked.length * (4 + mappedLosses(run.losses).length), maxBytes);
  const samples = new ReloadedSamples(run, signal);
  const pages = new GalleryPages(run, samples, {side, count: ranked.length});
  for (const sample of ranked) await pages.add(sample);
  await pages.addHeat();
  const fitted = await pages.album.fit(maxBytes, SIDES);
  tellFitted(fitted, maxBytes, onNotice);
  for (const line of samples.problems()) onNotice?.(notice('CVL-W022', `gallery: ${line}`));
  if (folder) await writeAlbum(pages.album, folder);
  const items = pages.items(folder !== null);
  const isShown = ({key}: ShownSample) => Object.hasOwn(items, key);
  const lists = (which: keyof ChosenSamples) =>
    mapValues(columns, (of) => of[which].filter(isShown).map(({key}) => key));
  const worsened = (of: readonly ChangedSample[]) =>
    of.filter(isShown).map(({key, baseline, value}) => ({key, baseline, candidate: value}));
  const hasMasks = Object.values(items).some(({images}) => images.overlay);
  return {
    items,
    worst: lists('worst'),
    best: lists('best'),
    colourMap: COLOUR_MAP,
    ...(hasMasks && {
      classColours: maskColours(run.classes, classColours(run.palette)),
      overlayColours: overlayColours(run.classes),
    }),
    ...(changed && {changed: mapValues(changed, worsened)}),
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
}

/** Writes the images of an album, and what says whose they are. */
export async function writeAlbum(album: PictureAlbum, folder: AtomicFolder): Promise<void> {
  await folder.add('index.json', `${JSON.stringify({schema: PICTURES_SCHEMA})}\n`);
  for (const {file, bytes} of album.files()) await folder.add(file, bytes);
}

/** Every sample once: first those that are first in some list. */
function byRank(columns: GallerySamples['columns'], changed: NonNullable<GallerySamples['changed']>): ShownSample[] {
  const lists = [...Object.values(columns).flatMap(({worst, best}) => [worst, best]), ...Object.values(changed)];
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

/** Says that images were made smaller or left out. */
export function tellFitted(
  {side, dropped}: Fitted,
  maxBytes: number,
  onNotice: ((line: string) => void) | undefined,
): void {
  if (side >= SIDES[0] && dropped === 0) return;
  const fewer = dropped > 0 ? `, and ${dropped} ${dropped === 1 ? 'sample is' : 'samples are'} left out` : '';
  onNotice?.(
    notice(
      'CVL-W021',
      `gallery: images are ${side} pixels at most${fewer}, to stay within ${maxBytes / 1e6} MB; a smaller gallery shows them larger`,
    ),
  );
}
