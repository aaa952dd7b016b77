import {SampleError} from '../../errors.js';
import type {SizePolicy} from '../../images/pair.js';
import {readsIds} from '../../images/reading.js';
import {unreadableFile} from '../../images/stored.js';
import {readStripFile, type StripFile} from '../../images/strips/strip-file.js';
import type {Reading} from '../../losses/sample-contract.js';
import type {RoleFile, Sample} from '../../samples/sample.js';
import type {ConfiguredLoss} from '../configured-loss.js';
import {type FileOptions, shownPath, tooLargeFor} from '../decoded-file.js';
import {withRole} from '../error-text.js';
import {type MemoryBudget, memoryBudget} from '../memory-budget.js';
import {mappedPath} from '../path-map.js';
import {readingsOf} from '../readings.js';

/** Pixels of an image from which on it is read in strips where the run has no budget. */
const LARGE_PIXELS = 64_000_000;

/** The roles that are read in strips. */
const STORED: ReadonlySet<string> = new Set(['pred', 'target']);

/** What decides which samples are read in strips. */
export interface ChoiceOptions extends Pick<FileOptions, 'image' | 'cwd' | 'pathMap'> {
  readonly size: SizePolicy;
  readonly memory: Pick<MemoryBudget, 'total' | 'pixels'>;
  /** How the run's losses read the files of each role. */
  readonly readings: ReadonlyMap<string, ReadonlySet<Reading>>;
}

/** The files of a sample that is read in strips, by role, or why it cannot be read at all; null for one that is read whole. */
export type StripChoice = {readonly files: ReadonlyMap<string, StripFile>} | {readonly failure: SampleError} | null;

/** Why an image of a run that reads large ones in strips is none of them. */
export const ONLY_STRIPS = 'only PNG and JPEG are scored in strips';

/** Why no image of a run is read in strips, as a clause; null where large ones are. */
export function wholeImages(losses: readonly ConfiguredLoss[], device: string): string | null {
  if (device !== 'cpu') return `device ${device} takes images whole`;
  const loss = losses.find(({instance}) => !instance.stored);
  if (loss) return `the loss ${loss.id} needs it whole`;
  const mixed = [...readingsOf(losses)].find(([role, readings]) => STORED.has(role) && !areAlike(readings));
  return mixed ? `losses read ${mixed[0]} as ${[...mixed[1]].join(' and ')}` : null;
}

/** Whether one decoding serves the readings of a role. */
function areAlike(readings: ReadonlySet<Reading>): boolean {
  return readings.has('pixels') ? readings.size === 1 : [...readings].every(readsIds);
}

/** An image of more pixels is large. */
function largestWhole({memory}: Pick<ChoiceOptions, 'memory'>): number {
  return Math.min(LARGE_PIXELS, memory.pixels);
}

/** Whether an image that the run reads can be large: else no file has to be looked at. */
export function mayBeLarge(options: Pick<ChoiceOptions, 'memory' | 'image'>): boolean {
  return options.image.maxPixels > largestWhole(options);
}

/** What the header of a large PNG or JPEG says; null for any other file, and for one that cannot be read. */
export async function largeFile(
  file: RoleFile,
  {image, cwd, pathMap, memory = memoryBudget(null)}: FileOptions,
): Promise<StripFile | null> {
  if (typeof file !== 'string' || !mayBeLarge({image, memory})) return null;
  const look = {pixels: largestWhole({memory}), image};
  return readStripFile(mappedPath(file, pathMap), shownPath(file, {cwd}), look).catch(() => null);
}

/** Looks at the headers of a sample's files. Never throws: what is wrong with a file, reading it whole tells. */
export async function chooseStrips(sample: Sample, options: ChoiceOptions): Promise<StripChoice> {
  const files = await filesOf(sample, options);
  if (files === null) return null;
  if (files instanceof SampleError) return {failure: files};
  const whole = [...files].find(([role, file]) => whyWhole(role, file) !== null) ?? null;
  const why = whole ? whyWhole(...whole) : sizesProblem(files, options.size);
  if (why === null) return {files: files as ReadonlyMap<string, StripFile>};
  // Named by preference: the one that is read whole.
  const tooLarge = [...(whole ? [whole] : []), ...files].find(
    ([, file]) => file && file.width * file.height > options.memory.pixels,
  );
  if (!tooLarge) return null;
  const [role] = tooLarge;
  const shown = shownPath(sample.files[role] as string, options);
  return {failure: withRole(role, tooLargeFor(options.memory, shown, why))};
}

/**
 * The files of the roles that are read, once one of them is large: null for a file of a format that is not read in strips, an
 * error for one that is not to be read at all.
 */
async function filesOf(
  sample: Sample,
  options: ChoiceOptions,
): Promise<ReadonlyMap<string, StripFile | null> | SampleError | null> {
  const {image, pathMap, readings} = options;
  const look = async (role: string, pixels: number) => {
    const path = sample.files[role];
    if (typeof path !== 'string') return null;
    const shown = shownPath(path, options);
    const ids = !readings.get(role)?.has('pixels');
    return readStripFile(mappedPath(path, pathMap), shown, {pixels, image, ids}).catch((error) =>
      error instanceof SampleError ? null : withRole(role, unreadableFile(error, shown)),
    );
  };
  const roles = Object.keys(sample.files).filter((role) => readings.has(role));
  const large = await Promise.all(roles.map((role) => look(role, largestWhole(options))));
  if (large.every((file) => file === null || file instanceof SampleError)) return null;
  const files = new Map<string, StripFile | null>();
  for (const [i, role] of roles.entries()) {
    const file = large[i] ?? (await look(role, 0));
    if (file instanceof SampleError) return file;
    files.set(role, file);
  }
  return files;
}

function whyWhole(role: string, file: StripFile | null): string | null {
  if (!STORED.has(role)) return `the role ${role} is read whole`;
  return file ? file.whole : ONLY_STRIPS;
}

function sizesProblem(files: ReadonlyMap<string, StripFile | null>, policy: SizePolicy): string | null {
  if (policy === 'strict') return null;
  const sizes = new Set([...files.values()].map((file) => `${file?.width}x${file?.height}`));
  const wanted = typeof policy === 'string' ? [] : [`${policy[1]}x${policy[0]}`];
  return new Set([...sizes, ...wanted]).size === 1 ? null : 'image.size needs images whole to change theirs';
}
