import {parseForeignJson} from '../../foreign-json.js';
import {printable} from '../../printable.js';

/** Where a tensor lies in a safetensors file. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly start: number;
  readonly end: number;
}

/** Bytes of one element. */
const ELEMENT_BYTES: ReadonlyMap<string, number> = new Map([
  ['F64', 8],
  ['I64', 8],
  ['U64', 8],
  ['F32', 4],
  ['I32', 4],
  ['U32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I16', 2],
  ['U16', 2],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
  ['I8', 1],
  ['U8', 1],
  ['BOOL', 1],
]);

/**
 * The tensors that a safetensors header lists (https://github.com/huggingface/safetensors, Format): a JSON object of
 * `{dtype, shape, data_offsets: [start, end]}`, `__metadata__` apart. Every tensor must have the bytes its shape and
 * type take, and together they must fill the `dataBytes` after the header, without gaps or overlaps.
 * Throws RangeError, whose message says what is wrong, otherwise.
 */
export function parseHeader(text: string, dataBytes: number): ReadonlyMap<string, TensorEntry> {
  const entries = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(parseObject(text))) {
    if (name !== '__metadata__') entries.set(name, parseEntry(printable(name), value));
  }
  checkLayout(entries, dataBytes);
  return entries;
}

/** The strings of a header's `__metadata__`; what is no string is left out. */
export function parseMetadata(text: string): ReadonlyMap<string, string> {
  const {__metadata__: metadata} = parseObject(text) as {readonly __metadata__?: unknown};
  if (typeof metadata !== 'object' || metadata === null) return new Map();
  return new Map(Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = parseForeignJson(text);
  } catch {
    throw new RangeError('its header is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RangeError('its header is no JSON object');
  }
  return value;
}

function parseEntry(name: string, value: unknown): TensorEntry {
  const {dtype, shape, data_offsets: offsets} = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string') throw new RangeError(`tensor ${name} has no dtype`);
  if (!isCounts(shape)) throw new RangeError(`tensor ${name} has no shape of whole numbers`);
  if (!isCounts(offsets) || offsets.length !== 2) throw new RangeError(`tensor ${name} has no two data_offsets`);
  const [start, end] = offsets as [number, number];
  const size = ELEMENT_BYTES.get(dtype);
  if (size === undefined) throw new RangeError(`tensor ${name} has the unknown dtype ${printable(dtype)}`);
  const bytes = shape.reduce((product, side) => product * side, size);
  if (end - start !== bytes) {
    throw new RangeError(
      `tensor ${name}, ${dtype} [${shape}], takes ${bytes} bytes, its data_offsets hold ${end - start}`,
    );
  }
  return {dtype, shape, start, end};
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function checkLayout(entries: ReadonlyMap<string, TensorEntry>, dataBytes: number): void {
  let at = 0;
  for (const [name, {start, end}] of [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (start < at)
      throw new RangeError(`tensor ${printable(name)} begins at byte ${start}, inside the tensor before it`);
    if (start > at) throw new RangeError(`bytes ${at} to ${start} belong to no tensor`);
    at = end;
  }
  if (at > dataBytes) throw new RangeError(`it is cut short: its tensors take ${at} bytes, ${dataBytes} are there`);
  if (at < dataBytes) throw new RangeError(`its tensors take ${at} bytes, ${dataBytes} are there`);
}
