import {isSampleError} from '../errors.js';
import {notice} from '../notice.js';
import {COLOUR_MAP} from '../pictures/colour-map.js';
import {levelsOf, photoPicture} from '../pictures/photo-picture.js';
import {PictureAlbum} from '../pictures/picture-album.js';
import {printable} from '../printable.js';
import type {Gallery, GalleryMember, GalleryTuple} from '../rows/gallery.js';
import type {Summary} from '../rows/summary.js';
import type {DatasetRun} from '../run/dataset-run.js';
import {type GalleryOptions, MOST_BYTES, SIDES, tellFitted, writeAlbum} from './gallery.js';

/** As much of a run of whole sets as its gallery needs. */
export type TupleRun = Pick<DatasetRun, 'losses' | 'between' | 'image'>;

/** Members of a tuple that name items; the first that is there is the one that distances are from. */
const ROLES = ['anchor', 'first', 'positive', 'second', 'negative'] as const;

/** A tuple as a loss's aggregate `hardest` names it. */
type NamedTuple = Readonly<Record<string, unknown>>;
type NamedMember = readonly [role: GalleryMember['role'], key: string];

/** The longer side of the images, in pixels: faces and the like are small, and a row shows three. */
const SIDE = 192;

/**
 * The hardest tuples of a run over embeddings, as its losses' aggregates name them, with distances; and images, where the
 * embeddings are of images. Throws RunError where `folder` cannot be written.
 */
export async function tupleGallery(
  run: TupleRun,
  summary: Summary,
  {folder, maxBytes = MOST_BYTES, onNotice, signal}: GalleryOptions,
): Promise<Gallery> {
  const album = new PictureAlbum(SIDE);
  const problems = await addMembers(album, run, summary, signal);
  const fitted = await album.fit(maxBytes, SIDES);
  if (fitted.side < SIDE || fitted.dropped > 0) tellFitted(fitted, maxBytes, onNotice);
  for (const line of problems) onNotice?.(notice('CVL-W022', `gallery: ${line}`));
  if (folder) await writeAlbum(album, folder);
  return {
    items: {},
    worst: {},
    best: {},
    colourMap: COLOUR_MAP,
    tuples: tuplesOf(run, summary, album, folder !== null),
  };
}

/** Adds the images of all members; gives a line for each that could not be shown. */
async function addMembers(
  album: PictureAlbum,
  run: TupleRun,
  summary: Summary,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const problems = new Set<string>();
  const tuples = run.losses.flatMap(({id}) => hardestOf(summary, id));
  for (const key of new Set(tuples.flatMap((tuple) => membersOf(tuple).map(([, name]) => name)))) {
    signal?.throwIfAborted();
    try {
      const raster = await run.image(key);
      if (raster) await album.add(key, 'image', photoPicture(raster, levelsOf([raster])));
    } catch (error) {
      if (!isSampleError(error)) throw error;
      problems.add(`no picture of ${printable(key)}: ${error.message}`);
    }
  }
  return problems;
}

function tuplesOf(
  run: TupleRun,
  summary: Summary,
  album: PictureAlbum,
  linked: boolean,
): Record<string, readonly GalleryTuple[]> {
  const tupleOf = (id: string, tuple: NamedTuple): GalleryTuple => {
    const members = membersOf(tuple);
    const first = members[0]?.[1] ?? '';
    const member = ([role, key]: NamedMember, at: number): GalleryMember => {
      const distance = at === 0 ? null : run.between(id, first, key);
      const image = album.image(key, 'image', linked);
      return {role, key, ...(distance !== null && {distance}), ...(image && {image})};
    };
    return {
      members: members.map(member),
      ...(typeof tuple.same === 'boolean' && {same: tuple.same}),
      value: tuple.value as number,
    };
  };
  const ofLosses = run.losses.map(({id}) => [id, hardestOf(summary, id).map((tuple) => tupleOf(id, tuple))] as const);
  return Object.fromEntries(ofLosses.filter(([, tuples]) => tuples.length > 0));
}

function hardestOf(summary: Summary, id: string): readonly NamedTuple[] {
  const hardest = summary[id]?.hardest;
  return Array.isArray(hardest) ? (hardest as readonly NamedTuple[]) : [];
}

function membersOf(tuple: NamedTuple): NamedMember[] {
  return ROLES.flatMap((role) => (typeof tuple[role] === 'string' ? [[role, tuple[role]] as const] : []));
}
