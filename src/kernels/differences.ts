import {arrayOf, type Elements} from './elements.js';
import {PairMemo} from './pair-memo.js';
import type {View} from './view.js';
import {kernels, type PairKernel, regions} from './wasm.js';

/** Elements of each image that are laid before a kernel at once. */
const BLOCK = 2 ** 18;

/** Sums over the differences d = pred − target of all elements of two images. */
export interface DifferenceSums {
  readonly absolute: number;
  readonly squared: number;
  /** Σ f(d) of any even function f: f(−d) = f(d). */
  of(f: (difference: number) => number): number;
}

const KNOWN = new PairMemo<DifferenceSums>();

/**
 * Of two images of equal shape, each computed on first use, shared by all who ask. Of 8- and of 16-bit images of equal scale
 * Σ|d|, Σd² and the number of elements of each |d| are whole numbers, exact, from which every error function follows by as
 * many calls as there are values of |d|; of other images they are sums in float64.
 * Memory: a block of each image, 2 MiB at most, and the counts.
 */
export function differenceSums(pred: View<Elements>, target: View<Elements>): DifferenceSums {
  return KNOWN.of(pred, target, '', () => {
    const levels = levelsOf(pred, target);
    return levels ? new WholeSums(pred, target, levels) : new FloatSums(pred, target);
  });
}

/** Elements of the two images that are whole numbers of equal meaning. */
interface Levels {
  readonly array: Uint8ArrayConstructor | Uint16ArrayConstructor;
  readonly add: 'addDifferencesU8' | 'addDifferencesU16';
  readonly count: 'countDifferencesU8' | 'countDifferencesU16';
  /** Tables of counts that the kernel fills, and entries of each. */
  readonly tables: number;
  readonly values: number;
}

const BYTES: Levels = {
  array: Uint8Array,
  add: 'addDifferencesU8',
  count: 'countDifferencesU8',
  tables: 4,
  values: 256,
};
const WORDS: Levels = {
  array: Uint16Array,
  add: 'addDifferencesU16',
  count: 'countDifferencesU16',
  tables: 1,
  values: 65_536,
};

function levelsOf(pred: View<Elements>, target: View<Elements>): Levels | null {
  if (pred.scale !== target.scale || pred.offset !== target.offset) return null;
  const of = ({array}: Levels) => arrayOf(pred.data) === array && arrayOf(target.data) === array;
  return of(BYTES) ? BYTES : of(WORDS) ? WORDS : null;
}

class WholeSums implements DifferenceSums {
  #sums: readonly [number, number] | null = null;
  #counts: Float64Array | null = null;

  constructor(
    private readonly pred: View<Elements>,
    private readonly target: View<Elements>,
    private readonly levels: Levels,
  ) {}

  get absolute(): number {
    return this.#bothSums()[0] * this.pred.scale;
  }

  get squared(): number {
    return this.#bothSums()[1] * this.pred.scale ** 2;
  }

  of(f: (difference: number) => number): number {
    this.#counts ??= countDifferences(this.pred, this.target, this.levels);
    let sum = 0;
    for (const [level, count] of this.#counts.entries()) if (count > 0) sum += count * f(level * this.pred.scale);
    return sum;
  }

  #bothSums(): readonly [number, number] {
    this.#sums ??= addDifferences(this.pred, this.target, this.levels);
    return this.#sums;
  }
}

function addDifferences(pred: View<Elements>, target: View<Elements>, {array, add}: Levels): readonly [number, number] {
  return twoSums(overBlocks(pred, target, array, 16, kernels()[add]));
}

function countDifferences(
  pred: View<Elements>,
  target: View<Elements>,
  {array, count, tables, values}: Levels,
): Float64Array {
  const table = new Uint32Array(overBlocks(pred, target, array, 4 * tables * values, kernels()[count]));
  const counts = new Float64Array(values);
  table.forEach((entry, i) => {
    counts[i % values] = (counts[i % values] as number) + entry;
  });
  return counts;
}

class FloatSums implements DifferenceSums {
  #sums: readonly [number, number] | null = null;

  constructor(
    private readonly pred: View<Elements>,
    private readonly target: View<Elements>,
  ) {}

  get absolute(): number {
    return this.#bothSums()[0];
  }

  get squared(): number {
    return this.#bothSums()[1];
  }

  of(f: (difference: number) => number): number {
    const {data: x, scale: xScale, offset: xOffset} = this.pred;
    const {data: y, scale: yScale, offset: yOffset} = this.target;
    let sum = 0;
    for (let start = 0; start < x.length; start += BLOCK) {
      const end = Math.min(x.length, start + BLOCK);
      const [xs, ys] = [x.subarray(start, end), y.subarray(start, end)];
      for (let i = 0; i < xs.length; i++) {
        sum += f((xs[i] as number) * xScale + xOffset - ((ys[i] as number) * yScale + yOffset));
      }
    }
    return sum;
  }

  #bothSums(): readonly [number, number] {
    this.#sums ??= addFloatDifferences(this.pred, this.target);
    return this.#sums;
  }
}

function addFloatDifferences(pred: View<Elements>, target: View<Elements>): readonly [number, number] {
  const {scale, offset} = pred;
  const add: PairKernel = (x, y, elements, sums) =>
    kernels().addDifferencesF64(x, y, elements, sums, scale, target.scale, target.offset - offset);
  return twoSums(overBlocks(pred, target, Float64Array, 16, add));
}

function twoSums(results: ArrayBuffer): readonly [number, number] {
  const [first = 0, second = 0] = new Float64Array(results);
  return [first, second];
}

/** What a kernel leaves in its results, zero at first, when all elements were laid before it block by block. */
function overBlocks(
  {data: x}: View<Elements>,
  {data: y}: View<Elements>,
  array: Uint8ArrayConstructor | Uint16ArrayConstructor | Float64ArrayConstructor,
  resultBytes: number,
  kernel: PairKernel,
): ArrayBuffer {
  const length = Math.min(BLOCK, x.length);
  const bytes = length * array.BYTES_PER_ELEMENT;
  const [xAt, yAt, results] = regions(bytes, bytes, resultBytes) as [number, number, number];
  const {buffer} = kernels().memory;
  new Uint8Array(buffer, results, resultBytes).fill(0);
  const [xBlock, yBlock] = [new array(buffer, xAt, length), new array(buffer, yAt, length)];
  for (let start = 0; start < x.length; start += length) {
    const end = Math.min(x.length, start + length);
    xBlock.set(x.subarray(start, end));
    yBlock.set(y.subarray(start, end));
    kernel(xAt, yAt, end - start, results);
  }
  return buffer.slice(results, results + resultBytes);
}
