/** An address that stands for nothing: all bits set. */
const UNDEFINED_ADDRESS = 0xffff_ffff_ffff_ffffn;

/** Structures read of one file, ten a tensor or so; more is a file that leads back into itself. */
const MOST_STRUCTURES = 200_000;

/**
 * The bytes of an HDF5 file. Reading past the end, or more structures than a file of weights has, throws RangeError: the time
 * and the memory that a file takes are bounded by that, whatever its addresses say.
 */
export class Hdf5Bytes {
  private structures = 0;

  constructor(readonly bytes: Buffer) {}

  /** Counts a structure that is about to be read. Throws RangeError when there are too many. */
  structure(): void {
    if (++this.structures > MOST_STRUCTURES) {
      throw new RangeError(`the HDF5 file has more than ${MOST_STRUCTURES} parts, or leads back into itself`);
    }
  }

  /** A structure that begins with a signature of four letters. Throws RangeError when it does not. */
  signed(address: number, signature: string): void {
    this.structure();
    if (this.slice(address, 4).toString('latin1') !== signature) {
      throw damaged(`no ${signature} at ${address}`);
    }
  }

  /** An unsigned number of 1 to 8 bytes, little-endian. */
  unsigned(address: number, size: number): number {
    if (size <= 6) return this.slice(address, size).readUIntLE(0, size);
    const value = this.slice(address, 8).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`a number beyond any file at ${address}`);
    return Number(value);
  }

  /** An address of eight bytes; null where it stands for nothing. */
  address(at: number): number | null {
    return this.slice(at, 8).readBigUInt64LE() === UNDEFINED_ADDRESS ? null : this.unsigned(at, 8);
  }

  /** A view of bytes. */
  slice(address: number, length: number): Buffer {
    if (!(address >= 0 && length >= 0 && address + length <= this.bytes.length)) {
      throw damaged(`${length} bytes at ${address}, the file has ${this.bytes.length}`);
    }
    return this.bytes.subarray(address, address + length);
  }
}

/** The error of a file that does not hold what it says. */
export function damaged(what: string): RangeError {
  return new RangeError(`the HDF5 file is damaged or cut short (${what})`);
}

/** The error of a file that is written in a form which is not read. */
export function unread(what: string): RangeError {
  return new RangeError(`the HDF5 file is written in a form that is not read: ${what}`);
}
