import {relative, sep} from 'node:path';
import {SampleError, UsageError} from '../errors.js';
import {convertColour} from '../images/channels.js';
import type {Raster} from '../images/raster.js';
import {resample} from '../images/resample.js';
import type {Model, ModelSpec} from '../models/model.js';
import {outputImage} from '../models/output-image.js';
import {notice} from '../notice.js';
import {checkFinite} from './model-images.js';

/** A model that makes images. */
export interface GeneratorSpec extends ModelSpec {
  /** What 0 and the largest value of a pixel are in its output; null where that is as the input is. */
  readonly output_range: readonly [number, number] | null;
}

/** How far values may lie outside of 0..1 before something must be wrong with the range that they are read by. */
const FAR = 1;

/** A generator that is open. */
export class Generator {
  #isTold = false;

  private constructor(
    readonly model: Model,
    private readonly outputRange: GeneratorSpec['output_range'],
    private readonly onNotice: (line: string) => void,
  ) {}

  /**
   * Opens a generator, which messages name by its path from `cwd`; `onNotice` gets a line for what is slower than it could
   * be, and for values far outside of the output's range. Throws UsageError for a model that does not work or whose output
   * is no image.
   */
  static async open(
    spec: GeneratorSpec,
    cwd: string,
    onNotice: (line: string) => void = () => undefined,
  ): Promise<Generator> {
    const {openModel} = await import('../models/open.js');
    const model = await openModel(spec, {name: relative(cwd, spec.model).split(sep).join('/'), onNotice});
    try {
      if (model.outputShape !== null) outputImage(model, {shape: model.outputShape, values: new Float32Array()});
    } catch (error) {
      await model.close();
      throw error instanceof SampleError ? new UsageError('CVL-M008', error.message, {cause: error}) : error;
    }
    return new Generator(model, spec.output_range, onNotice);
  }

  /** What it makes of an image. Throws SampleError `channels`, `model-output`, `model-failed`. */
  async translate(image: Raster, key: string): Promise<Raster> {
    const {size, color} = this.model.input;
    const sized = size && (image.height !== size[0] || image.width !== size[1]) ? resample(image, ...size) : image;
    const coloured = convertColour(sized, color === 'grey' ? 'grey' : 'rgb', key);
    try {
      const [output] = await this.model.run([coloured]);
      if (output === undefined) throw new TypeError('the model gave nothing for an image');
      checkFinite(output, this.model);
      const made = outputImage(this.model, output, this.outputRange);
      this.#checkRange(made);
      return made;
    } catch (error) {
      if (error instanceof UsageError) throw new SampleError('model-failed', error.message, {cause: error});
      throw error;
    }
  }

  #checkRange({data}: Raster): void {
    if (this.#isTold) return;
    const far = data.find((value) => value < -FAR || value > 1 + FAR);
    if (far === undefined) return;
    this.#isTold = true;
    this.onNotice(
      notice(
        'CVL-W015',
        `${this.model.name} gives pixels of ${far.toPrecision(3)} where black is 0 and white 1; if it should not, say its output_range, such as [-1, 1]`,
      ),
    );
  }
}
