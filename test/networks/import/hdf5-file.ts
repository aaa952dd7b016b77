/** Messages of a header of an object, as the specification of HDF5 numbers them. */
interface Message {
  readonly type: number;
  readonly data: Buffer;
}

const UNDEFINED = 0xffff_ffff_ffff_ffffn;

const u8 = (...values: readonly number[]) => Buffer.from(values);

const u16 = (value: number) => Buffer.from([value & 255, value >> 8]);

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

export function u64(value: number | bigint): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}

/** An HDF5 file laid out by hand, so that its addresses and sizes can lie. */
export class Hdf5File {
  private bytes = Buffer.concat([Buffer.from('\x89HDF\r\n\x1a\n\x02\x08\x08\x00', 'latin1'), Buffer.alloc(36)]);

  get end(): number {
    return this.bytes.length;
  }

  /** Puts bytes at the end; gives their address. */
  put(...parts: readonly Buffer[]): number {
    const address = this.end;
    this.bytes = Buffer.concat([this.bytes, ...parts]);
    return address;
  }

  /** A header in version 2 of the format. */
  header(messages: readonly Message[], size?: number): number {
    const content = Buffer.concat(
      messages.map(({type, data}) => Buffer.concat([u8(type), u16(data.length), u8(0), data])),
    );
    return this.put(Buffer.from('OHDR'), u8(2, 2), u32(size ?? content.length), content, Buffer.alloc(4));
  }

  /** A node of a B-tree, its keys and children one after the other. */
  node(type: number, level: number, entries: readonly (readonly [key: Buffer, child: number])[]): number {
    const siblings = Buffer.concat([u64(UNDEFINED), u64(UNDEFINED)]);
    const content = entries.map(([key, child]) => Buffer.concat([key, u64(child)]));
    return this.put(Buffer.from('TREE'), u8(type, level), u16(entries.length), siblings, ...content, Buffer.alloc(64));
  }

  /** A heap of names in a version 1 group. */
  heap(names: Buffer): number {
    const at = this.put(names);
    return this.put(Buffer.from('HEAP'), u32(0), u64(names.length), u64(UNDEFINED), u64(at));
  }

  /** A table of symbols that lead to addresses, all with the name at one place of the heap. */
  symbols(addresses: readonly number[], nameAt = 0): number {
    const entries = addresses.map((address) => Buffer.concat([u64(nameAt), u64(address), Buffer.alloc(24)]));
    return this.put(Buffer.from('SNOD'), u8(1, 0), u16(addresses.length), ...entries);
  }

  /** The whole, which begins at a group. */
  from(root: number): Buffer {
    const out = Buffer.from(this.bytes);
    u64(UNDEFINED).copy(out, 20);
    u64(out.length).copy(out, 28);
    u64(root).copy(out, 36);
    return out;
  }
}

export const link = (name: string, address: number): Message => ({
  type: 6,
  data: Buffer.concat([u8(1, 0, name.length), Buffer.from(name), u64(address)]),
});

export const symbolTable = (tree: number, heap: number): Message => ({
  type: 17,
  data: Buffer.concat([u64(tree), u64(heap)]),
});

export const continuation = (address: number | bigint, size: number | bigint): Message => ({
  type: 16,
  data: Buffer.concat([u64(address), u64(size)]),
});

/** Sides, and float32 as the type. */
export const floats = (...shape: readonly (number | bigint)[]): Message[] => [
  {type: 1, data: Buffer.concat([u8(2, shape.length, 0, 1), ...shape.map(u64)])},
  {type: 3, data: Buffer.concat([u8(0x11, 0x20, 31, 0), u32(4), u16(0), u16(32), u8(23, 8, 0, 23), u32(127)])},
];

/** Values in one piece. */
export const piece = (address: number | bigint, bytes: number | bigint): Message => ({
  type: 8,
  data: Buffer.concat([u8(3, 1), u64(address), u64(bytes)]),
});

/** Values in chunks that were deflated. */
export const deflated = (tree: number, ...chunk: readonly number[]): Message[] => [
  {type: 8, data: Buffer.concat([u8(3, 2, chunk.length + 1), u64(tree), ...chunk.map(u32), u32(4)])},
  {type: 11, data: Buffer.concat([u8(2, 1), u16(1), u16(0), u16(0)])},
];

/** The key of a chunk: its bytes, and where it begins. */
export const chunkKey = (bytes: number, ...origin: readonly number[]): Buffer =>
  Buffer.concat([u32(bytes), u32(0), ...origin.map(u64), u64(0)]);
