import {damaged, type Hdf5Bytes, unread} from './file-bytes.js';
import {type HeaderMessage, MESSAGE, messageOf} from './object-header.js';

/** Where a tensor's values lie. */
export type Storage =
  | {readonly kind: 'plain'; readonly at: number; readonly bytes: number}
  | {readonly kind: 'chunks'; readonly tree: number | null; readonly chunk: readonly number[]}
  | {readonly kind: 'none'};

/** Sides of at most this many dimensions are taken; HDF5 has no more. */
const MOST_DIMENSIONS = 32;

/** Sides of a tensor, of the dataspace message (IV.A.2.b). */
export function shapeOf(file: Hdf5Bytes, messages: readonly HeaderMessage[]): number[] {
  const {at} = needed(messages, MESSAGE.dataspace, 'shape');
  const [version, rank] = [file.unsigned(at, 1), file.unsigned(at + 1, 1)];
  if (rank > MOST_DIMENSIONS) throw damaged(`a tensor of ${rank} dimensions`);
  const sides = at + (version === 1 ? 8 : 4);
  return Array.from({length: rank}, (_, i) => file.unsigned(sides + 8 * i, 8));
}

/** The type of a tensor's values, as safetensors names it where it is a number (IV.A.2.d). */
export function dtypeOf(file: Hdf5Bytes, messages: readonly HeaderMessage[]): string {
  const {at} = needed(messages, MESSAGE.datatype, 'type');
  const kind = file.unsigned(at, 1) & 0x0f;
  const flags = file.unsigned(at + 1, 1);
  const bits = 8 * file.unsigned(at + 4, 4);
  const order = flags & 1 ? 'big-endian ' : '';
  if (kind === 0) return `${order}${flags & 8 ? 'I' : 'U'}${bits}`;
  if (kind === 1) return `${order}${isIeee(file, at, bits) ? 'F' : 'float of another kind, '}${bits}`;
  return NAMES.get(kind) ?? `type ${kind}`;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [3, 'text'],
  [6, 'a compound'],
  [9, 'of variable length'],
]);

/** Whether exponent and mantissa have the sizes that the number's bits call for. */
function isIeee(file: Hdf5Bytes, at: number, bits: number): boolean {
  const exponent = {16: 5, 32: 8, 64: 11}[bits];
  return file.unsigned(at + 13, 1) === exponent && file.unsigned(at + 15, 1) === bits - 1 - exponent;
}

/** Where the values are, of the layout message (IV.A.2.i). Throws RangeError for forms that h5py and Keras do not write. */
export function storageOf(file: Hdf5Bytes, messages: readonly HeaderMessage[]): Storage {
  const {at} = needed(messages, MESSAGE.layout, 'place');
  const [version, kind] = [file.unsigned(at, 1), file.unsigned(at + 1, 1)];
  if (version < 3 || version > 4) throw unread(`values placed by version ${version} of the format`);
  if (kind === 0) return {kind: 'plain', at: at + 4, bytes: file.unsigned(at + 2, 2)};
  if (kind === 1) {
    const address = file.address(at + 2);
    return address === null ? {kind: 'none'} : {kind: 'plain', at: address, bytes: file.unsigned(at + 10, 8)};
  }
  if (kind !== 2 || version !== 3) throw unread("values in chunks of HDF5's latest format, or outside the file");
  // The last side is the bytes of a value.
  const rank = file.unsigned(at + 2, 1) - 1;
  const chunk = Array.from({length: Math.max(0, rank)}, (_, i) => file.unsigned(at + 11 + 4 * i, 4));
  return {kind: 'chunks', tree: file.address(at + 3), chunk};
}

/** Numbers of the filters that chunks went through, in that order (IV.A.2.l). */
export function filtersOf(file: Hdf5Bytes, messages: readonly HeaderMessage[]): number[] {
  const message = messageOf(messages, MESSAGE.filters);
  if (!message) return [];
  const [version, count] = [file.unsigned(message.at, 1), file.unsigned(message.at + 1, 1)];
  let place = message.at + (version === 1 ? 8 : 2);
  return Array.from({length: count}, () => {
    const id = file.unsigned(place, 2);
    const isNamed = version === 1 || id > 255;
    const name = isNamed ? file.unsigned(place + 2, 2) : 0;
    const values = file.unsigned(place + (isNamed ? 6 : 4), 2);
    const pad = version === 1 ? 4 * (values % 2) : 0;
    place += (isNamed ? 8 : 6) + (version === 1 ? 8 * Math.ceil(name / 8) : name) + 4 * values + pad;
    return id;
  });
}

function needed(messages: readonly HeaderMessage[], type: number, what: string): HeaderMessage {
  const message = messageOf(messages, type);
  if (!message) throw damaged(`a tensor without a ${what}`);
  return message;
}
