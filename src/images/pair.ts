import {SampleError} from '../errors.js';
import type {PixelData} from '../kernels/view.js';
import {greyToRgb} from './channels.js';
import {derived} from './derived.js';
import {isLabelMap} from './label-map.js';
import type {Raster} from './raster.js';
import type {Reading} from './reading.js';
import {RESAMPLER, resample} from './resample.js';
import {resampleScores} from './resample-scores.js';

/**
 * What happens to sizes that differ: `strict` fails the sample, `target` resamples the prediction, `crop` cuts both
 * to their common size around the centre, `[height, width]` resamples both.
 */
export type SizePolicy = 'strict' | 'target' | 'crop' | readonly [number, number];

/** One image of a sample. */
export interface RoleImage {
  readonly role: string;
  readonly reading: Reading;
  readonly raster: Raster;
}

/** As much of one as its size is. */
interface SizedImage {
  readonly role: string;
  readonly raster: {readonly height: number; readonly width: number};
}

/** Roles whose pixels have no counterpart in the target's. */
const OWN_SIZE: ReadonlySet<string> = new Set(['style']);

/** The roles that the others are compared with, the first that a sample has; a real image is what its reconstructions must match. */
const REFERENCES = ['target', 'pred', 'real_a', 'real_b'];

/**
 * Brings the images of a sample to one size (`matchSizes`) and its pixels to one number of channels (`promote`),
 * in the order given. A style image keeps its own. Throws SampleError `sizes-differ`, `channels-differ`.
 */
export function matchPair(images: readonly RoleImage[], policy: SizePolicy, multiClass = false): Raster[] {
  const aligned = images.filter(({role}) => !OWN_SIZE.has(role));
  const sized = new Map<RoleImage, Raster>();
  matchSizes(aligned, policy, multiClass).forEach((raster, i) => {
    sized.set(aligned[i] as RoleImage, raster);
  });
  const pixels = aligned.filter(({reading}) => reading === 'pixels');
  promote(pixels.map((image) => sized.get(image) as Raster)).forEach((raster, i) => {
    sized.set(pixels[i] as RoleImage, raster);
  });
  return images.map((image) => sized.get(image) ?? image.raster);
}

/**
 * The images of a sample, all of one size, in the order given. The prediction follows the policy; every other role
 * (`weight`, `ignore`, …) must have the target's size (the prediction's where there is no target) and is cropped
 * with it. Pixels are resampled, and a prediction's scores; label maps (see `isLabelMap`, which `multiClass` is for) and
 * weights never are. A centre crop leaves out the odd row or column at the end. Without any of REFERENCES nothing is compared. Throws SampleError `sizes-differ`.
 */
export function matchSizes(images: readonly RoleImage[], policy: SizePolicy, multiClass = false): Raster[] {
  const [reference] = REFERENCES.flatMap((role) => images.find((image) => image.role === role) ?? []);
  if (!reference) return images.map(({raster}) => raster);
  for (const image of images) {
    if (image.role !== 'pred' && !sameSize(image.raster, reference.raster)) {
      throw differ(image, reference, `${image.role} must have the size of ${reference.role}`);
    }
  }
  if (policy === 'strict') {
    checkSameSize(images, reference);
    return images.map(({raster}) => raster);
  }
  if (policy === 'crop') {
    const height = Math.min(...images.map(({raster}) => raster.height));
    const width = Math.min(...images.map(({raster}) => raster.width));
    return images.map(({raster}) => cropCentre(raster, height, width));
  }
  const [height, width] = policy === 'target' ? [reference.raster.height, reference.raster.width] : policy;
  return images.map((image) => resampled(image, height, width, multiClass));
}

/** Throws SampleError `sizes-differ` where an image has another size than the one that it is compared with. */
export function checkSameSize(images: readonly SizedImage[], reference: SizedImage): void {
  const other = images.find(({raster}) => !sameSize(raster, reference.raster));
  if (other) throw differ(other, reference, 'set image.size to target, crop or [h, w]');
}

/**
 * Images with one number of channels and one depth: where grey meets RGB, grey is replicated; where 8 bits meet 16,
 * the 8 are spread (×257), so that the same image in two depths is the same.
 * Throws SampleError `channels-differ` for any other mixture of channels.
 */
export function promote(images: readonly Raster[]): Raster[] {
  return promoteWith(images, {spread, toRgb: (raster) => derived(raster, 'rgb', () => greyToRgb(raster))});
}

/** How images take more channels and depth. */
export interface Promotion<Image> {
  spread(image: Image): Image;
  toRgb(image: Image): Image;
}

/** The same of images wherever they are. Throws SampleError `channels-differ`. */
export function promoteWith<Image extends {readonly maximum: number | null; readonly channels: number}>(
  images: readonly Image[],
  {spread, toRgb}: Promotion<Image>,
): Image[] {
  const deep = images.some(({maximum}) => maximum === 65535);
  const rasters = deep ? images.map((image) => (image.maximum === 255 ? spread(image) : image)) : images;
  const counts = [...new Set(rasters.map(({channels}) => channels))].sort((a, b) => a - b);
  if (counts.length < 2) return [...rasters];
  if (counts.length === 2 && counts[0] === 1 && counts[1] === 3) {
    return rasters.map((raster) => (raster.channels === 1 ? toRgb(raster) : raster));
  }
  throw new SampleError('channels-differ', `images of ${counts.join(' and ')} channels cannot be compared`);
}

/** 0..255 as 0..65535. */
function spread(raster: Raster): Raster {
  const make = () => ({...raster, data: Uint16Array.from(raster.data, (value) => 257 * value), maximum: 65535});
  return derived(raster, 'spread', make);
}

function sameSize(a: SizedImage['raster'], b: SizedImage['raster']): boolean {
  return a.height === b.height && a.width === b.width;
}

function differ(image: SizedImage, reference: SizedImage, remedy: string): SampleError {
  const size = ({role, raster}: SizedImage) => `${role} is ${raster.width}x${raster.height}`;
  return new SampleError('sizes-differ', `${size(image)}, ${size(reference)} (width x height); ${remedy}`);
}

function resampled({role, reading, raster}: RoleImage, height: number, width: number, multiClass: boolean): Raster {
  if (raster.height === height && raster.width === width) return raster;
  if (reading === 'pixels')
    return derived(raster, `resample ${height}x${width}`, () => resample(raster, height, width));
  const isScores = role === 'pred' && (reading === 'scores' || reading === 'mask');
  const labels = isLabelMap(raster, reading, multiClass);
  if (isScores && !labels) return resampleScores(raster, height, width);
  const what = isScores ? 'label maps' : reading;
  throw new SampleError(
    'sizes-differ',
    `${role} is ${raster.width}x${raster.height}, not ${width}x${height} (width x height), and ${what} are not resampled: ${RESAMPLER} would mix them; supply them in that size or set image.size to crop`,
  );
}

function cropCentre(raster: Raster, height: number, width: number): Raster {
  if (raster.height === height && raster.width === width) return raster;
  return derived(raster, `crop ${height}x${width}`, () => cropped(raster, height, width));
}

function cropped(raster: Raster, height: number, width: number): Raster {
  const {channels} = raster;
  const top = Math.floor((raster.height - height) / 2);
  const left = Math.floor((raster.width - width) / 2);
  const data = new (raster.data.constructor as new (length: number) => PixelData)(height * width * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * raster.width + left) * channels;
    data.set(raster.data.subarray(from, from + width * channels), y * width * channels);
  }
  return {...raster, data, height, width};
}
