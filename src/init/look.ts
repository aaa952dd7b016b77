import {readFile} from 'node:fs/promises';
import {SampleError} from '../errors.js';
import {decodeImage, type ImageOptions} from '../images/decode.js';
import {type ImageHeader, readImageHeader} from '../images/image-header.js';
import type {Raster} from '../images/raster.js';
import type {RoleFile, Samples} from '../samples/sample.js';
import {ValueSummary} from './values.js';

/** The two sides of a dataset. */
export type Side = 'pred' | 'target';
const SIDES: readonly Side[] = ['pred', 'target'];

/** What the sampled files of a side hold. */
export interface SideLook {
  readonly headers: readonly ImageHeader[];
  /** Why files cannot be read. */
  readonly unreadable: readonly string[];
  readonly values: ValueSummary;
  /** Whether some alpha is not opaque. */
  readonly transparent: boolean;
}

/** The sizes of both files of a sample. */
export type SizePair = Readonly<Record<Side, {readonly width: number; readonly height: number}>>;

/** What was seen of a dataset, without looking at every file. */
export interface Look extends Readonly<Record<Side, SideLook>> {
  readonly sizes: readonly SizePair[];
  readonly looked: number;
}

const HEADERS = 50;
const PIXELS = 5;
/** Formats that are read whole may be large: enough is seen when this is passed. */
const HEADER_BYTES = 256 * 2 ** 20;

const OPTIONS: ImageOptions = {
  color: 'auto',
  alpha: 'error',
  orient: false,
  icc: 'ignore',
  page: null,
  maxPixels: 64_000_000,
  palette: null,
};

/** Reads the headers of at most 50 samples and the pixels of at most 5, taken evenly from the whole list. */
export async function lookAt(samples: Samples): Promise<Look> {
  const sides = {pred: new SideReader(), target: new SideReader()};
  const sizes: SizePair[] = [];
  let looked = 0;
  for (const {files} of spread(samples, HEADERS)) {
    const [pred, target] = [
      await sides.pred.header(oneFile(files.pred)),
      await sides.target.header(oneFile(files.target)),
    ];
    if (pred && target) sizes.push({pred, target});
    looked++;
    if (sides.pred.bytesRead + sides.target.bytesRead > HEADER_BYTES) break;
  }
  for (const {files} of spread(samples, PIXELS)) {
    for (const side of SIDES) await sides[side].pixels(oneFile(files[side]));
  }
  return {pred: sides.pred, target: sides.target, sizes, looked};
}

/** The file of a role; nothing of ours asks for a file per class. */
function oneFile(file: RoleFile | undefined): string {
  return typeof file === 'string' ? file : '';
}

/** At most `count` items, from the first to the last at even distances. */
export function spread<Item>(items: Iterable<Item> & Pick<readonly Item[], 'length' | 'at'>, count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({length: count}, (_, i) => items.at(Math.round((i * (items.length - 1)) / (count - 1))) as Item);
}

class SideReader implements SideLook {
  readonly headers: ImageHeader[] = [];
  readonly unreadable: string[] = [];
  readonly values = new ValueSummary();
  transparent = false;
  bytesRead = 0;

  async header(path: string): Promise<ImageHeader | null> {
    try {
      const header = await readImageHeader(path);
      this.headers.push(header);
      this.bytesRead += header.bytesRead;
      return header;
    } catch (error) {
      this.unreadable.push(reasonOf(error));
      return null;
    }
  }

  async pixels(path: string): Promise<void> {
    try {
      this.values.add(await this.decode(await readFile(path), path));
    } catch (error) {
      // Files without a readable header are counted already.
      if (!(error instanceof SampleError)) throw error;
    }
  }

  /** As labels: numbers as they are stored. */
  private async decode(bytes: Buffer, path: string): Promise<Raster> {
    try {
      return await decodeImage(bytes, path, 'labels', OPTIONS);
    } catch (error) {
      if (!(error instanceof SampleError && error.code === 'alpha')) throw error;
      this.transparent = true;
      return decodeImage(bytes, path, 'labels', {...OPTIONS, alpha: 'drop'});
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SampleError) return error.message;
  if (error instanceof Error && 'code' in error) return error.message;
  throw error;
}
