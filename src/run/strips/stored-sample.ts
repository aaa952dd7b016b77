import {promoteWith} from '../../images/pair.js';
import type {StoredRaster} from '../../images/strips/decode-to-disk.js';
import {convertedElements} from '../../images/strips/derived-elements.js';
import type {Elements} from '../../kernels/elements.js';
import type {View} from '../../kernels/view.js';
import type {Reading, StoredSample, ViewOptions} from '../../losses/sample-contract.js';
import {storedView} from './stored-view.js';

/** The images of a sample by role, all of one size, with one number of channels and one depth. Throws SampleError `channels-differ`. */
export function promoteStored(images: ReadonlyMap<string, StoredRaster>): ReadonlyMap<string, StoredRaster> {
  const promoted = promoteWith([...images.values()], {spread, toRgb});
  return new Map([...images.keys()].map((role, i) => [role, promoted[i] as StoredRaster]));
}

function spread(raster: StoredRaster): StoredRaster {
  const data = convertedElements(raster.data, {
    array: Uint16Array,
    from: 1,
    to: 1,
    convert: (levels) => Uint16Array.from(levels, (level) => 257 * level),
  });
  return {...raster, data, maximum: 65_535};
}

function toRgb(raster: StoredRaster): StoredRaster {
  const {array} = raster.data;
  const data = convertedElements(raster.data, {
    array,
    from: 1,
    to: 3,
    convert: (levels) => {
      const pixels = new array(3 * levels.length);
      for (let i = 0; i < levels.length; i++) pixels.fill(levels[i] as number, 3 * i, 3 * i + 3);
      return pixels;
    },
  });
  return {...raster, data, channels: 3};
}

/** A sample of images in files as losses see it; losses with the same view share it, and what was computed of it. */
export class StoredImages {
  readonly #views = new Map<string, View<Elements>>();

  constructor(
    private readonly key: string,
    private readonly images: ReadonlyMap<string, StoredRaster>,
  ) {}

  /** Under one loss's readings and view. Throws SampleError `channels` where a colour cannot be converted. */
  under(readings: Readonly<Record<string, Reading>>, options: ViewOptions): StoredSample {
    const view = (role: string) => this.#view(role, readings[role] as Reading, options);
    const {height, width} = view('pred');
    return {
      key: this.key,
      height,
      width,
      view,
      has: (role) => this.images.has(role),
      weights: () => null,
      valid: () => null,
    };
  }

  #view(role: string, reading: Reading, options: ViewOptions): View<Elements> {
    const raster = this.images.get(role);
    if (!raster) throw new TypeError(`the loss reads role '${role}', which the sample does not have`);
    const name = [role, reading, options.color, options.range, options.cropBorder].join(' ');
    const made = this.#views.get(name) ?? storedView(raster, reading, options);
    this.#views.set(name, made);
    return made;
  }
}
