import type {PixelData} from './view.js';

/** Makes arrays of one type of elements. */
export interface ElementArray {
  new (length: number): PixelData;
  new (buffer: ArrayBuffer, at: number, length: number): PixelData;
  readonly BYTES_PER_ELEMENT: number;
}

/** The elements of an image that memory does not hold, a stretch at a time. */
export interface StoredElements {
  readonly length: number;
  /** The type of the elements. */
  readonly array: ElementArray;
  /** The elements from `start` up to `end`, which lie in memory until the next call. */
  subarray(start: number, end: number): PixelData;
  /** Room, all of it 0, for the elements of an image that is made of this one. */
  room(array: ElementArray, length: number): WritableElements;
}

/** Elements that are written where others were kept. */
export type WritableElements = PixelData | (StoredElements & {set(elements: PixelData, at: number): void});

/** The elements of an image, wherever they are. */
export type Elements = PixelData | StoredElements;

/** The type of an image's elements. */
export function arrayOf(data: Elements): ElementArray {
  return isStored(data) ? data.array : (data.constructor as unknown as ElementArray);
}

/** Whether memory does not hold the elements. */
export function isStored(data: Elements): data is StoredElements {
  return 'room' in data;
}

/** Room for the elements of an image that is made of another one: in memory, unless that one is elsewhere. */
export function roomBeside(data: Elements, array: ElementArray, length: number): WritableElements {
  return isStored(data) ? data.room(array, length) : new array(length);
}
