import {SampleError} from '../../errors.js';
import {checkSameSize} from '../../images/pair.js';
import type {StoredRaster} from '../../images/strips/decode-to-disk.js';
import type {StripFile} from '../../images/strips/strip-file.js';
import {StripFolder} from '../../images/strips/strip-folder.js';
import type {FileState} from '../../journal/row-entry.js';
import type {Sample} from '../../samples/sample.js';
import type {ConfiguredLoss} from '../configured-loss.js';
import {type FileOptions, failing, inTime, shownPath} from '../decoded-file.js';
import type {ScoredSample} from '../load.js';
import type {MemoryBudget} from '../memory-budget.js';
import {mappedPath} from '../path-map.js';
import {timed} from '../profile.js';
import {readingsOf} from '../readings.js';
import type {LossOutcome, ScoreOptions} from '../score.js';
import {scoreStored} from './score-stored.js';
import {type StoredFile, storeFile} from './stored-file.js';
import {promoteStored, StoredImages} from './stored-sample.js';
import {type ChoiceOptions, chooseStrips} from './strip-choice.js';

/** What scoring in strips needs of the run. */
export interface StripOptions extends FileOptions, Omit<ScoreOptions, 'device'>, Omit<ChoiceOptions, 'readings'> {
  readonly losses: readonly ConfiguredLoss[];
  readonly memory: MemoryBudget;
}

/**
 * Scores samples of large images, one at a time: their pixels are decoded to the disk, and losses read them from there. Rows
 * are those of images that memory holds, bit by bit.
 */
export class StripScoring {
  readonly #choice: ChoiceOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: StripOptions) {
    this.#choice = {...options, readings: readingsOf(options.losses)};
  }

  /**
   * A sample of large images, scored; null for any other, and for one that must be read whole and may. Throws the signal's
   * reason when aborted, and RunError where the disk has no room.
   */
  async take(sample: Sample): Promise<ScoredSample | null> {
    const choice = await chooseStrips(sample, this.#choice);
    if (choice === null) return null;
    if ('failure' in choice) return {sample, sha256: {}, files: {}, failure: choice.failure};
    const scored = this.#last.then(() => this.#score(sample, choice.files));
    this.#last = scored.catch(() => undefined);
    return scored;
  }

  async #score(sample: Sample, files: ReadonlyMap<string, StripFile>): Promise<ScoredSample> {
    const {signal, losses} = this.options;
    signal?.throwIfAborted();
    const folder = await StripFolder.make();
    const sha256: Record<string, string> = {};
    const states: Record<string, readonly FileState[]> = {};
    try {
      const stored = await Promise.allSettled(
        [...files].map(async ([role, file]) => ({role, ...(await this.#store(sample, role, file, folder))})),
      );
      const images = new Map<string, StoredRaster>();
      for (const one of stored) {
        if (one.status === 'rejected') throw one.reason;
        const {role, state, raster} = one.value;
        sha256[role] = one.value.sha256;
        states[role] = [state];
        images.set(role, raster);
      }
      const matched = new StoredImages(sample.key, matchStored(images, files));
      const outcomes: LossOutcome[] = [];
      for (const loss of losses) outcomes.push(await scoreStored(loss, matched, this.options));
      const {height, width} = (images.get('pred') ?? [...images.values()][0]) as StoredRaster;
      return {sample, sha256, files: states, height, width, bytes: 0, outcomes};
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      return {sample, sha256, files: states, failure: error};
    } finally {
      await folder.close();
    }
  }

  /** Throws SampleError as `decodeFile` does, its message begun with the role. */
  async #store(sample: Sample, role: string, file: StripFile, folder: StripFolder): Promise<StoredFile> {
    const {image, pathMap, profile} = this.options;
    const named = sample.files[role] as string;
    const shown = shownPath(named, this.options);
    const path = mappedPath(named, pathMap);
    const store = () => timed(profile, 'decode', () => storeFile({path, shown, file}, image, folder));
    return inTime(
      role,
      shown,
      this.options,
      failing(role, shown, async () => store()),
    );
  }
}

/** The images of a sample; pixels with one number of channels and one depth. Throws SampleError `sizes-differ`, `channels-differ`. */
function matchStored(
  images: ReadonlyMap<string, StoredRaster>,
  files: ReadonlyMap<string, StripFile>,
): ReadonlyMap<string, StoredRaster> {
  const sized = [...images].map(([role, raster]) => ({role, raster}));
  const reference = sized.find(({role}) => role === 'target') ?? sized[0];
  if (reference) checkSameSize(sized, reference);
  const pixels = new Map([...images].filter(([role]) => !files.get(role)?.ids));
  return new Map([...images, ...promoteStored(pixels)]);
}
