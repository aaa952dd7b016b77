import {dirname, join, relative, sep} from 'node:path';
import {SampleError, UsageError} from '../errors.js';
import {convertColour} from '../images/channels.js';
import {encodePng} from '../images/encode-png.js';
import type {Raster} from '../images/raster.js';
import {resample} from '../images/resample.js';
import type {Model, ModelSpec} from '../models/model.js';
import {outputImage} from '../models/output-image.js';
import {writeFileAtomically} from '../storage/atomic-file.js';
import {makeFolder} from '../storage/make-folder.js';
import {checkFinite} from './model-images.js';

/** Two generators, and where the images that they make are kept. */
export interface GeneratorSpecs {
  readonly a_to_b: ModelSpec;
  readonly b_to_a: ModelSpec;
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
    private readonly to: Readonly<Record<SetName, Model>>,
    private readonly wanted: Wanted,
    private readonly save: string | null,
  ) {}

  /** Throws UsageError for a model that does not work, sizes that differ, and losses of several ranges. */
  static async open({a_to_b, b_to_a, save}: GeneratorSpecs, options: GeneratorOptions): Promise<Generators> {
    const wanted = wantedOf(options.losses);
    const {openModel} = await import('../models/open.js');
    const {cwd, onNotice} = options;
    const open = (spec: ModelSpec) => openModel(spec, {name: relative(cwd, spec.model).split(sep).join('/'), onNotice});
    const b = await open(a_to_b);
    let a: Model | undefined;
    try {
      a = await open(b_to_a);
      const generators = new Generators({a, b}, wanted, save);
      generators.check();
      return generators;
    } catch (error) {
      await b.close();
      await a?.close();
      throw error;
    }
  }

  /** SHA-256 of the models' files, by their keys in a config. */
  get sha256(): Readonly<Record<string, string>> {
    return {a_to_b: this.to.b.sha256, b_to_a: this.to.a.sha256};
  }

  get versions(): Readonly<Record<string, string>> {
    return {...this.to.a.versions, ...this.to.b.versions};
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
    await this.to.a.close();
    await this.to.b.close();
  }

  private async made(key: string, set: SetName, given: Raster): Promise<ReadonlyMap<string, Raster>> {
    const other = set === 'a' ? 'b' : 'a';
    const {size} = this.to[other].input;
    const real = size ? resample(given, ...size) : given;
    const fake = await translate(this.to[other], real, key);
    const rec = await translate(this.to[set], fake, key);
    const images = new Map([
      [`fake_${other}`, fake],
      [`rec_${set}`, rec],
    ]);
    if (this.wanted.identity) images.set(`same_${set}`, await translate(this.to[set], real, key));
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
    const {a, b} = this.to;
    const [there, back] = [b.input.size, a.input.size];
    if (String(there) !== String(back)) {
      const shown = (size: typeof there) => (size ? `[${size.join(', ')}]` : 'any size');
      throw new UsageError(
        `generators: ${b.name} takes images of ${shown(there)}, ${a.name} of ${shown(back)} (height, width); expected the same, as an image goes there and back: say size`,
      );
    }
    for (const model of [a, b]) {
      if (model.outputShape === null) continue;
      try {
        outputImage(model, {shape: model.outputShape, values: new Float32Array()});
      } catch (error) {
        throw error instanceof SampleError ? new UsageError(error.message, {cause: error}) : error;
      }
    }
  }
}

/** What a generator makes of an image. */
async function translate(model: Model, image: Raster, key: string): Promise<Raster> {
  const {size, color} = model.input;
  const sized = size && (image.height !== size[0] || image.width !== size[1]) ? resample(image, ...size) : image;
  const coloured = convertColour(sized, color === 'grey' ? 'grey' : 'rgb', key);
  try {
    const [output] = await model.run([coloured]);
    if (output === undefined) throw new TypeError('the model gave nothing for an image');
    checkFinite(output, model);
    return outputImage(model, output);
  } catch (error) {
    if (error instanceof UsageError) throw new SampleError('model-failed', error.message, {cause: error});
    throw error;
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
      `generators: the losses ${ids} read images in several ranges (${[...ranges.keys()].join(', ')}); expected one`,
    );
  }
  return {range: range as [number, number], identity: losses.some(({options}) => options.identity_weight !== 0)};
}
