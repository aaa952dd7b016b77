import {readSync, writeSync} from 'node:fs';
import type {ElementArray, StoredElements, WritableElements} from '../../kernels/elements.js';
import type {PixelData} from '../../kernels/view.js';

/** Bytes that are read at once at least: kernels ask for blocks, or for row after row. */
const AHEAD_BYTES = 2 ** 20;

/** Makes room for elements on the disk. */
export type MakeRoom = (array: ElementArray, length: number) => WritableElements;

/** Where the elements of an image lie in a file, in the machine's byte order. */
export interface FilePlace {
  /** The open file, which stays open as long as elements are asked for. */
  readonly file: number;
  /** Bytes before the first element. */
  readonly offset: number;
  readonly array: ElementArray;
  readonly length: number;
}

/** The elements of an image in a file. Memory: the longest stretch that was asked for, 1 MiB at least. */
export class FileElements implements StoredElements {
  readonly array: ElementArray;
  readonly length: number;
  #from = 0;
  #window: PixelData;

  constructor(
    private readonly place: FilePlace,
    readonly room: MakeRoom,
    private readonly aheadBytes: number = AHEAD_BYTES,
  ) {
    this.array = place.array;
    this.length = place.length;
    this.#window = new place.array(0);
  }

  /** Throws the system's error for a file that cannot be read, and RangeError for one that ends before. */
  subarray(start: number, end: number): PixelData {
    const from = start - this.#from;
    const to = end - this.#from;
    if (from >= 0 && to <= this.#window.length) return this.#window.subarray(from, to);
    this.#read(
      start,
      Math.min(this.length, Math.max(end, start + Math.floor(this.aheadBytes / this.array.BYTES_PER_ELEMENT))),
    );
    return this.#window.subarray(0, end - start);
  }

  set(elements: PixelData, at: number): void {
    const whole = elements instanceof this.array ? elements : converted(elements, this.array);
    const bytes = bytesOf(whole);
    const position = this.#position(at);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.place.file, bytes, done, bytes.length - done, position + done);
    }
    this.#window = new this.array(0);
  }

  #read(start: number, end: number): void {
    const {buffer} = this.#window;
    const size = (end - start) * this.array.BYTES_PER_ELEMENT;
    const room = buffer.byteLength >= size ? (buffer as ArrayBuffer) : new ArrayBuffer(size);
    const window = new this.array(room, 0, end - start);
    const bytes = bytesOf(window);
    const position = this.#position(start);
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(this.place.file, bytes, done, bytes.length - done, position + done);
      if (read === 0) throw new RangeError('the file of decoded pixels ends too early');
      done += read;
    }
    this.#window = window;
    this.#from = start;
  }

  #position(element: number): number {
    return this.place.offset + element * this.array.BYTES_PER_ELEMENT;
  }
}

function bytesOf({buffer, byteOffset, byteLength}: PixelData): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function converted(elements: PixelData, array: ElementArray): PixelData {
  const made = new array(elements.length);
  made.set(elements);
  return made;
}
