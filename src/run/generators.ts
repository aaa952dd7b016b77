import {dirname, join} from 'node:path';
import {UsageError} from '../errors.js';
import {encodePng} from '../images/encode-png.js';
import type {Raster} from '../images/raster.js';
import {resample} from '../images/resample.js';
import {writeFileAtomically} from '../storage/atomic-file.js';
import {makeFolder} from '../storage/make-folder.js';
import {Generator, type GeneratorSpec} from './generator.js';

/** Two generators, and where the images that they make are kept. */
export interface GeneratorSpecs {
  readonly a_to_b: GeneratorSpec;
  readonly b_to_a: GeneratorSpec;
  /** A folder; null keeps none. */
  readonly save: string | null;
}

/** What the losses need of the images that generators make. */
interface Wanted {
  /** Whether `same_a` and `same_b` are made. */
  readonly identity: boolean;
  /** What 0 and 1 become, as the losses read float images. */
  readonly range: readonly [number, number];
}

/** What opening generators takes. */
export interface GeneratorOptions {
  /** The folder that messages name files from. */
  readonly cwd: string;
  readonly onNotice?: ((line: string) => void) | undefined;
  readonly losses: readonly {readonly id: string; readonly options: Readonly<Record<string, unknown>>}[];
}

type SetName = 'a' | 'b';

/** Makes of each real image what cycle consistency compares with it: `rec`, there and back again, and `same`. */
export class Generators {
  /** Runs one after another: a backend of tfjs is the process's. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly to: Readonly<Record<SetName, Generator>>,
    private readonly wanted: Wanted,
    private readonly save: string | null,
  ) {}

  /** Throws UsageError for a model that does not work, sizes that differ, and losses of several ranges. */
  static async open({a_to_b, b_to_a, save}: GeneratorSpecs, options: GeneratorOptions): Promise<Generators> {
    const wanted = wantedOf(options.losses);
    const {cwd, onNotice} = options;
    const b = await Generator.open(a_to_b, cwd, onNotice);
    let a: Generator | undefined;
    try {
      a = await Generator.open(b_to_a, cwd, onNotice);
      const generators = new Generators({a, b}, wanted, save);
      generators.check();
      return generators;
    } catch (error) {
      await b.model.close();
      await a?.model.close();
      throw error;
    }
  }

  /** SHA-256 of the models' files, by their keys in a config. */
  get sha256(): Readonly<Record<string, string>> {
    return {a_to_b: this.to.b.model.sha256, b_to_a: this.to.a.model.sha256};
  }

  get versions(): Readonly<Record<string, string>> {
    return {...this.to.a.model.versions, ...this.to.b.model.versions};
  }

  /**
   * The images of a sample by role: the real one, in the size that the generators take, and those made of it.
   * Throws SampleError `channels`, `model-output`, `model-failed`.
   */
  make(key: string, set: SetName, real: Raster): Promise<ReadonlyMap<string, Raster>> {
    const made = this.#last.then(() => this.made(key, set, real));
    this.#last = made.catch(() => undefined);
    return made;
  }

  async close(): Promise<void> {
    await this.to.a.model.close();
    await this.to.b.model.close();
  }

  private async made(key: string, set: SetName, given: Raster): Promise<ReadonlyMap<string, Raster>> {
    const other = set === 'a' ? 'b' : 'a';
    const {size} = this.to[other].model.input;
    const real = size ? resample(given, ...size) : given;
    const fake = await this.to[other].translate(real, key);
    const rec = await this.to[set].translate(fake, key);
    const images = new Map([
      [`fake_${other}`, fake],
      [`rec_${set}`, rec],
    ]);
    if (this.wanted.identity) images.set(`same_${set}`, await this.to[set].translate(real, key));
    for (const [role, image] of images) await this.keep(role, key.slice(set.length + 1), image);
    images.delete(`fake_${other}`);
    const ranged = [...images].map(([role, image]) => [role, inRange(image, this.wanted.range)] as const);
    return new Map([[`real_${set}`, real], ...ranged]);
  }

  private async keep(role: string, name: string, {data, height, width, channels}: Raster): Promise<void> {
    if (this.save === null) return;
    const path = join(this.save, role, `${name}.png`);
    const bytes = Uint8Array.from(data, (value) => Math.min(255, Math.max(0, Math.round(255 * value))));
    await makeFolder(dirname(path));
    await writeFileAtomically(path, await encodePng(bytes, height, width, channels as 1 | 3));
  }

  private check(): void {
    const [a, b] = [this.to.a.model, this.to.b.model];
    const [there, back] = [b.input.size, a.input.size];
    if (String(there) !== String(back)) {
      const shown = (size: typeof there) => (size ? `[${size.join(', ')}]` : 'any size');
      throw new UsageError(
        'CVL-C025',
        `generators: ${b.name} takes images of ${shown(there)}, ${a.name} of ${shown(back)} (height, width); expected the same, as an image goes there and back: say size`,
      );
    }
  }
}

function inRange(image: Raster, [low, high]: readonly [number, number]): Raster {
  return {...image, data: Float64Array.from(image.data, (value) => low + value * (high - low))};
}

function wantedOf(losses: GeneratorOptions['losses']): Wanted {
  const ranges = new Map(losses.map(({options}) => [JSON.stringify(options.range ?? [0, 1]), options.range ?? [0, 1]]));
  const [range] = ranges.values();
  if (ranges.size > 1) {
    const ids = losses.map(({id}) => `'${id}'`).join(', ');
    throw new UsageError(
      'CVL-C025',
      `generators: the losses ${ids} read images in several ranges (${[...ranges.keys()].join(', ')}); expected one`,
    );
  }
  return {range: range as [number, number], identity: losses.some(({options}) => options.identity_weight !== 0)};
}
