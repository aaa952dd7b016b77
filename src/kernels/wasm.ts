import {WASM_TEXT} from './wasm-text.js';

/** What the kernels' module exports; `assembly/` says what each does. Addresses and lengths are in bytes unless it says otherwise. */
interface Kernels {
  readonly memory: {readonly buffer: ArrayBuffer; grow(pages: number): number};
  firstFree(): number;
  halveWorkspace(): number;
  halveU8: HalveKernel;
  halveU16: HalveKernel;
  ssimWorkspace(): number;
  ssimU8: SsimKernel;
  ssimU16: SsimKernel;
  ssimF64: SsimKernel;
  addDifferencesU8: PairKernel;
  addDifferencesU16: PairKernel;
  addDifferencesF64(
    x: number,
    y: number,
    elements: number,
    sums: number,
    xScale: number,
    yScale: number,
    offset: number,
  ): void;
  countDifferencesU8: PairKernel;
  countDifferencesU16: PairKernel;
  addVariationU8: VariationKernel;
  addVariationU16: VariationKernel;
  addVariationF64: VariationKernel;
  addRootVariationU8: VariationKernel;
  addRootVariationU16: VariationKernel;
  addRootVariationF64: VariationKernel;
  unfilter(lines: number, rows: number, length: number, pixelBytes: number, out: number): number;
  halveLevels(top: number, bottom: number, length: number, scale: number, offset: number, out: number): void;
  gradientSimilarity(
    xAbove: number,
    xRow: number,
    xBelow: number,
    yAbove: number,
    yRow: number,
    yBelow: number,
    length: number,
    c: number,
    out: number,
  ): void;
}

/** Adds to its sums what it finds in a block of an image. */
export type VariationKernel = (
  at: number,
  rows: number,
  columns: number,
  ownRows: number,
  ownColumns: number,
  channels: number,
  sums: number,
) => void;

type HalveKernel = (
  at: number,
  rows: number,
  stride: number,
  down: number,
  width: number,
  channels: number,
  tables: number,
  out: number,
) => void;

/** Adds to its results what it finds in two runs of elements. */
export type PairKernel = (x: number, y: number, elements: number, results: number) => void;

type SsimKernel = (
  x: number,
  y: number,
  stride: number,
  rows: number,
  width: number,
  channels: number,
  constants: number,
  workspace: number,
  sums: number,
) => void;

/** The part of the global WebAssembly that is used here; neither the language's nor Node's types have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {readonly exports: unknown};
};

const PAGE = 65_536;
/** Regions begin at multiples of this, a cache line, and are followed by as much that loads may read. */
const ALIGNMENT = 64;

let made: Kernels | null = null;

/** The kernels: one instance a thread, made on first use. */
export function kernels(): Kernels {
  made ??= new WebAssembly.Instance(new WebAssembly.Module(fromBase64(WASM_TEXT))).exports as Kernels;
  return made;
}

/**
 * Addresses of regions of so many bytes in the kernels' memory, which grows for them and never shrinks. They hold until the
 * next call of this function, and so do views of the memory: callers bound what they ask for, by blocks of rows.
 */
export function regions(...bytes: readonly number[]): number[] {
  const {memory, firstFree} = kernels();
  let next = aligned(firstFree());
  const addresses = bytes.map((length) => {
    const address = next;
    next = aligned(next + length) + ALIGNMENT;
    return address;
  });
  const missing = next - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  return addresses;
}

function aligned(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
