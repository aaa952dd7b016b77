import {SampleError} from '../errors.js';
import {matchPair, type RoleImage, type SizePolicy} from '../images/pair.js';
import type {Raster} from '../images/raster.js';
import type {FileState, FileStates} from '../journal/row-entry.js';
import type {ClassName} from '../losses/contract.js';
import type {Reading} from '../losses/sample-contract.js';
import type {RoleFile, Sample} from '../samples/sample.js';
import type {DecodedSample} from './batch.js';
import type {DecodedFile, FileOptions} from './decoded-file.js';
import {DecodedFiles, type KeptFiles} from './decoded-files.js';
import type {Generators} from './generators.js';
import type {LossOutcome} from './score.js';

/** A sample whose files were read. */
interface ReadFiles {
  readonly sample: Sample;
  /** Hash of the bytes that were read, by role. */
  readonly sha256: Readonly<Record<string, string>>;
  /** What tells later that a file is still the one that was read, by role. */
  readonly files: FileStates;
}

/** A sample whose files were read and decoded, or why they could not be. */
export type LoadedSample = ReadFiles & (ArrangedSample | {readonly failure: SampleError});

/** A sample that was scored where it was decoded (nothing of its images is left), or why it could not be read. */
export type ScoredSample = ReadFiles &
  (
    | (Pick<ArrangedSample, 'height' | 'width' | 'bytes'> & {
        /** Of the run's losses, in their order. */
        readonly outcomes: readonly LossOutcome[];
      })
    | {readonly failure: SampleError}
  );

/** A sample's images, brought to one size. */
interface ArrangedSample {
  readonly decoded: DecodedSample;
  /** Pixels of the prediction. */
  readonly height: number;
  readonly width: number;
  /** Shapes of all roles: equal for samples that can share a batch. */
  readonly shape: string;
  /** Bytes of decoded images. */
  readonly bytes: number;
}

/** What loading needs to know of the run. */
export interface LoadOptions extends FileOptions {
  readonly size: SizePolicy;
  /** The readings that the run's losses ask of each role. */
  readonly readings: ReadonlyMap<string, ReadonlySet<Reading>>;
  /** Null for a binary run. */
  readonly classes: readonly ClassName[] | null;
  /** Makes images of those that a sample has. */
  readonly generators?: Pick<Generators, 'make'> | null;
}

/** Loads samples; files that serve many samples (one style image, one weight map) are decoded once. */
export class SampleLoader {
  constructor(
    private readonly options: LoadOptions,
    private readonly sharedPaths: ReadonlySet<string>,
    private readonly files = new DecodedFiles(),
  ) {}

  /**
   * Reads and decodes every role of a sample that a loss reads, apart from what other runs `kept` of the same key. Never
   * throws for what is wrong with a file.
   */
  async load(sample: Sample, kept: KeptFiles | null = null): Promise<LoadedSample> {
    const sha256: Record<string, string> = {};
    const states: Record<string, readonly FileState[]> = {};
    const read = {sample, sha256, files: states};
    try {
      const files = new Map<string, DecodedFile>();
      for (const [role, path] of Object.entries(sample.files)) {
        const readings = this.options.readings.get(role);
        if (!readings) continue;
        const file = await this.file(role, path, readings, kept);
        sha256[role] = file.sha256;
        states[role] = file.states;
        files.set(role, file);
      }
      await this.generate(sample.key, files);
      return {...read, ...arrange(sample.key, files, this.options)};
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      return {...read, failure: error};
    }
  }

  /** Adds what generators make of the real image, which takes the size that they need. */
  private async generate(key: string, files: Map<string, DecodedFile>): Promise<void> {
    const {generators} = this.options;
    const set = files.has('real_a') ? 'a' : 'b';
    const real = files.get(`real_${set}`);
    if (!generators || !real) return;
    const made = await generators.make(key, set, real.rasters.get('pixels') as Raster);
    for (const [role, raster] of made)
      files.set(role, {sha256: '', states: [], rasters: new Map([['pixels', raster]])});
  }

  private file(
    role: string,
    path: RoleFile,
    readings: ReadonlySet<Reading>,
    kept: KeptFiles | null,
  ): Promise<DecodedFile> {
    const serves = typeof path === 'string' && this.sharedPaths.has(path);
    // A prediction is no other run's.
    const known = serves ? this.files.serving : role === 'pred' ? null : kept;
    return this.files.decode(role, path, readings, this.options, known);
  }
}

/** Brings the roles of a sample to one size and one number of channels, as the image options say. */
function arrange(
  key: string,
  files: ReadonlyMap<string, DecodedFile>,
  {size, classes}: Pick<LoadOptions, 'size' | 'classes'>,
): ArrangedSample {
  const images: RoleImage[] = [];
  for (const [role, file] of files) {
    for (const [reading, raster] of file.rasters) images.push({role, reading, raster});
  }
  const matched = matchPair(images, size, classes !== null);
  const rasters = new Map<string, Raster>();
  const shapes: string[] = [];
  let bytes = 0;
  images.forEach(({role, reading}, i) => {
    const raster = matched[i] as Raster;
    rasters.set(`${role} ${reading}`, raster);
    bytes += raster.data.byteLength;
    shapes.push(`${role} ${reading} ${raster.height}x${raster.width}x${raster.channels}`);
  });
  const prediction = images.findIndex(({role}) => role === 'pred');
  const {height, width} = matched[Math.max(0, prediction)] as Raster;
  const decoded: DecodedSample = {
    key,
    has: (role) => files.has(role),
    raster: (role, reading) => rasters.get(`${role} ${reading}`) as Raster,
  };
  return {decoded, height, width, shape: shapes.join(), bytes};
}
