import {BLOCK_BYTES, blockShape, blocksOf, copyBlock} from './blocks.js';
import {arrayOf, type Elements} from './elements.js';
import {type SsimConstants, type SsimMeans, WINDOW_SIZE, WINDOW_TAPS} from './ssim-windows.js';
import type {View} from './view.js';
import {kernels, regions} from './wasm.js';

const MARGIN = WINDOW_SIZE - 1;
/** Rows of a block at least, so that the ten that two blocks share are few. */
const BLOCK_ROWS = 96;
/** Of 8-bit pixels of more channels the kernel cannot read four at once. */
const MOST_BYTE_CHANNELS = 5;
const CONSTANTS = 13;

/** How the kernel reads a pair of images: value = (element · scale), all in units in which the constants below are. */
interface Reading {
  readonly kernel: 'ssimU8' | 'ssimU16' | 'ssimF64';
  readonly array: Uint8ArrayConstructor | Uint16ArrayConstructor | Float64ArrayConstructor;
  /** CENTRES, LUMINANCE, CONTRAST, X_SCALE, Y_SCALE, S_OFFSET, D_OFFSET of assembly/ssim.ts. */
  readonly constants: readonly number[];
}

/**
 * The means of `SsimWindows` over all windows of two images of which every pixel counts, by the SIMD kernel: in float64, of
 * 8- and 16-bit images straight from their elements. With s = x + y and d = x − y, less the centre,
 *
 *     luminance = 1 − 2·μd² / (μ(x + y)² + μd² + 2·c1)        contrast = 1 − 2·σd² / (σs² + σd² + 2·c2)
 *
 * Memory: a block of each image, 4 MiB, and 150 KB. The images must not be smaller than the window.
 */
export function ssimBlockMeans(
  pred: View<Elements>,
  target: View<Elements>,
  constants: SsimConstants,
  blockBytes: number = BLOCK_BYTES,
): SsimMeans {
  const {height, width, channels} = pred;
  const reading = readingOf(pred, target, constants);
  const size = reading.array.BYTES_PER_ELEMENT;
  const shape = blockShape(pred, size, {margin: MARGIN, least: BLOCK_ROWS, bytes: blockBytes});
  const length = shape.rows * shape.columns * channels;
  const [x, y, table, workspace, sums] = regions(
    length * size,
    length * size,
    CONSTANTS * 8,
    kernels().ssimWorkspace(),
    channels * 32,
  ) as [number, number, number, number, number];
  const {buffer} = kernels().memory;
  new Float64Array(buffer, table, CONSTANTS).set([...taps(), ...reading.constants]);
  const totals = new Float64Array(buffer, sums, channels * 4).fill(0);
  const [xBlock, yBlock] = [new reading.array(buffer, x, length), new reading.array(buffer, y, length)];
  for (const block of blocksOf(pred, shape)) {
    copyBlock(pred, block, xBlock);
    copyBlock(target, block, yBlock);
    const stride = block.columns * channels * size;
    kernels()[reading.kernel](x, y, stride, block.rows, block.columns, channels, table, workspace, sums);
  }
  const weight = (height - MARGIN) * (width - MARGIN);
  const mean = (at: number) =>
    Float64Array.from(
      {length: channels},
      (_, channel) => ((totals[4 * channel + at] as number) + (totals[4 * channel + at + 1] as number)) / weight,
    );
  return {ssim: mean(0), contrast: mean(2), weight};
}

/** The taps over the one in the middle, the last of them first, and that one's square, which the maps are multiplied by. */
function taps(): number[] {
  const middle = WINDOW_TAPS[MARGIN / 2] as number;
  return [...WINDOW_TAPS.subarray(0, MARGIN / 2)].map((tap) => tap / middle).concat(middle ** 2);
}

function readingOf(pred: View<Elements>, target: View<Elements>, {c1, c2, centre}: SsimConstants): Reading {
  const alike = pred.scale === target.scale && pred.offset === target.offset;
  const both = (array: Uint8ArrayConstructor | Uint16ArrayConstructor) =>
    alike && arrayOf(pred.data) === array && arrayOf(target.data) === array;
  const {scale, offset} = pred;
  if (both(Uint16Array) || (both(Uint8Array) && pred.channels <= MOST_BYTE_CHANNELS)) {
    // In units of the elements, twice whose centre is rounded, so that s and d are whole numbers.
    const centres = Math.round((2 * (centre - offset)) / scale);
    const shared = [centres + (2 * offset) / scale, (2 * c1) / scale ** 2, (2 * c2) / scale ** 2, 1, 1, centres, 0];
    return both(Uint8Array)
      ? {kernel: 'ssimU8', array: Uint8Array, constants: shared}
      : {kernel: 'ssimU16', array: Uint16Array, constants: shared};
  }
  const offsets = [2 * centre - pred.offset - target.offset, target.offset - pred.offset];
  return {
    kernel: 'ssimF64',
    array: Float64Array,
    constants: [2 * centre, 2 * c1, 2 * c2, pred.scale, target.scale, ...offsets],
  };
}
