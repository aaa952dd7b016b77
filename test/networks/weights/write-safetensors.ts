import {closeSync, ftruncateSync, openSync, writeSync} from 'node:fs';

/** A tensor of zeros, as a header lists it. */
export interface ZeroTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype?: string;
}

/** Writes a safetensors file of zeros, which takes no space on disk, with some values at byte offsets after the header. */
export function writeSafetensors(
  path: string,
  tensors: readonly ZeroTensor[],
  values: ReadonlyMap<string, number> = new Map(),
): void {
  const header: Record<string, unknown> = {};
  let end = 0;
  const starts = new Map<string, number>();
  for (const {name, shape, dtype = 'F32'} of tensors) {
    const bytes = shape.reduce((product, side) => product * side, dtype === 'F16' ? 2 : 4);
    header[name] = {dtype, shape, data_offsets: [end, end + bytes]};
    starts.set(name, end);
    end += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(path, 'w');
  writeSync(file, Buffer.concat([length, text]));
  ftruncateSync(file, 8 + text.length + end);
  for (const [name, value] of values) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    writeSync(file, bytes, 0, 4, 8 + text.length + (starts.get(name) ?? 0));
  }
  closeSync(file);
}
