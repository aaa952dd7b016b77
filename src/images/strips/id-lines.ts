import type {PngLayout} from '../png-chunks.js';
import {tooFew, undoFilters, uninflated, unpack} from '../png-lines.js';

/** Bytes of numbers that are given at once, in about. */
const STRETCH = 2 ** 20;

/** The numbers of a grey or palette PNG that is not interlaced, from its inflated bytes as they come. */
export class IdLines {
  readonly #line: Uint8Array;
  readonly #rows: number;
  #filled = 0;
  #above: Uint8Array;
  #numbers: Uint8Array | Uint16Array;
  #row = 0;

  /** `shown` is the file's name in messages. */
  constructor(
    private readonly layout: PngLayout,
    private readonly shown: string,
  ) {
    const {width, height, depth} = layout;
    const stride = Math.ceil((width * depth) / 8);
    this.#line = new Uint8Array(stride + 1);
    this.#above = new Uint8Array(stride);
    this.#rows = Math.min(height, Math.max(1, Math.floor(STRETCH / width)));
    this.#numbers = this.#block(this.#rows);
  }

  /**
   * Takes a piece of the bytes and gives what is whole by then: rows of numbers, as the bytes of 8 or 16 bits each in the
   * machine's order. Throws SampleError `decode-failed` for more bytes than the header says.
   */
  *of(piece: Uint8Array): Generator<Uint8Array> {
    const {length} = this.#line;
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + length - this.#filled);
      this.#line.set(taken, this.#filled);
      at += taken.length;
      this.#filled += taken.length;
      if (this.#filled === length) yield* this.#unpacked();
    }
  }

  /** Throws SampleError `decode-failed` where the bytes were not as many as the header says. */
  end(): void {
    if (this.#row < this.layout.height) throw tooFew(this.shown);
    if (this.#filled > 0) throw uninflated(this.shown, null);
  }

  *#unpacked(): Generator<Uint8Array> {
    const {width, height, depth} = this.layout;
    if (this.#row === height) throw uninflated(this.shown, null);
    const lines = {rows: 1, length: this.#above.length, pixelBytes: depth === 16 ? 2 : 1, above: this.#above};
    undoFilters(this.#line, lines, this.shown);
    const pixels = this.#line.slice(0, -1);
    unpack(pixels, depth, width, this.#numbers, (this.#row % this.#rows) * width, 1);
    this.#above = pixels;
    this.#filled = 0;
    this.#row++;
    if (this.#row % this.#rows !== 0 && this.#row < height) return;
    yield new Uint8Array(this.#numbers.buffer);
    this.#numbers = this.#block(Math.min(this.#rows, height - this.#row));
  }

  #block(rows: number): Uint8Array | Uint16Array {
    const length = rows * this.layout.width;
    return this.layout.depth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  }
}
