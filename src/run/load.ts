import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {SampleError} from '../errors.js';
import {decodeImage, type ImageOptions} from '../images/decode.js';
import {matchPair, type RoleImage, type SizePolicy} from '../images/pair.js';
import type {Raster} from '../images/raster.js';
import type {Reading} from '../losses/contract.js';
import type {Sample} from '../samples/sample.js';
import type {DecodedSample} from './batch.js';

/** A sample whose files were read and decoded, or why they could not be. */
export type LoadedSample = {
  readonly sample: Sample;
  readonly sha256: Readonly<Record<string, string>>;
} & (
  | {
      readonly decoded: DecodedSample;
      readonly height: number;
      readonly width: number /** Shapes of all roles: equal for samples that can share a batch. */;
      readonly shape: string;
      readonly bytes: number;
    }
  | {readonly failure: SampleError}
);

/** What loading needs to know of the run. */
export interface LoadOptions {
  readonly image: ImageOptions;
  readonly size: SizePolicy;
  /** The readings that the run's losses ask of each role. */
  readonly readings: ReadonlyMap<string, ReadonlySet<Reading>>;
}

/** A file's bytes are read once; the hash is of exactly the bytes that are decoded. */
interface LoadedFile {
  readonly sha256: string;
  readonly rasters: ReadonlyMap<Reading, Raster>;
}

/** Loads samples; files that serve many samples (one style image, one weight map) are decoded once. */
export class SampleLoader {
  private readonly shared = new Map<string, Promise<LoadedFile>>();

  constructor(
    private readonly options: LoadOptions,
    private readonly sharedPaths: ReadonlySet<string>,
  ) {}

  /** Reads and decodes every role of a sample that a loss reads. Never throws for what is wrong with a file. */
  async load(sample: Sample): Promise<LoadedSample> {
    const sha256: Record<string, string> = {};
    try {
      const files = new Map<string, LoadedFile>();
      for (const [role, path] of Object.entries(sample.files)) {
        const readings = this.options.readings.get(role);
        if (!readings) continue;
        const file = await this.file(role, path, readings);
        sha256[role] = file.sha256;
        files.set(role, file);
      }
      return {sample, sha256, ...arrange(sample.key, files, this.options.size)};
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      return {sample, sha256, failure: error};
    }
  }

  private file(role: string, path: string, readings: ReadonlySet<Reading>): Promise<LoadedFile> {
    if (!this.sharedPaths.has(path)) return this.decode(role, path, readings);
    const known = this.shared.get(`${role}\0${path}`);
    if (known) return known;
    const loading = this.decode(role, path, readings);
    this.shared.set(`${role}\0${path}`, loading);
    return loading;
  }

  private async decode(role: string, path: string, readings: ReadonlySet<Reading>): Promise<LoadedFile> {
    const bytes = await readBytes(role, path);
    const rasters = new Map<Reading, Raster>();
    for (const reading of readings)
      rasters.set(reading, await decodeAs(role, bytes, path, reading, this.options.image));
    return {sha256: createHash('sha256').update(bytes).digest('hex'), rasters};
  }
}

/** Reads and decodes one file. Throws SampleError that names the role. */
export async function readRaster(role: string, path: string, reading: Reading, image: ImageOptions): Promise<Raster> {
  return decodeAs(role, await readBytes(role, path), path, reading, image);
}

async function decodeAs(
  role: string,
  bytes: Buffer,
  path: string,
  reading: Reading,
  image: ImageOptions,
): Promise<Raster> {
  try {
    return await decodeImage(bytes, path, reading, image);
  } catch (error) {
    if (error instanceof SampleError) throw new SampleError(error.code, `${role}: ${error.message}`, {cause: error});
    throw error;
  }
}

async function readBytes(role: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const {code = 'unknown error'} = error as NodeJS.ErrnoException;
    throw new SampleError('unreadable-file', `${role}: ${path} cannot be read (${code})`, {cause: error});
  }
}

/** Brings the roles of a sample to one size and one number of channels, as the image options say. */
function arrange(key: string, files: ReadonlyMap<string, LoadedFile>, size: SizePolicy) {
  const images: RoleImage[] = [];
  for (const [role, file] of files) {
    for (const [reading, raster] of file.rasters) images.push({role, reading, raster});
  }
  const rasters = new Map<string, Raster>();
  let bytes = 0;
  const shapes: string[] = [];
  matchPair(images, size).forEach((raster, i) => {
    const {role, reading} = images[i] as RoleImage;
    rasters.set(`${role} ${reading}`, raster);
    bytes += raster.data.byteLength;
    shapes.push(`${role} ${reading} ${raster.height}x${raster.width}x${raster.channels}`);
  });
  const {height, width} = rasters.values().next().value as Raster;
  const decoded: DecodedSample = {
    key,
    has: (role) => files.has(role),
    raster: (role, reading) => rasters.get(`${role} ${reading}`) as Raster,
    views: new Map(),
  };
  return {decoded, height, width, shape: shapes.join(), bytes};
}
