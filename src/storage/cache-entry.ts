import fs, {type FileHandle} from 'node:fs/promises';
import {crc32} from 'node:zlib';

const MAGIC = 'cv-loss cache 1\n';
const KEY_AT = MAGIC.length;
const LENGTH_AT = KEY_AT + 32;
const CHECKSUM_AT = LENGTH_AT + 8;
/** A multiple of 8, so that a value may be read as numbers of any type in place. */
const HEADER_BYTES = 64;

/** The file of a value: its key, length and CRC-32, then the value. `key`: SHA-256 in hex. */
export function encodeEntry(key: string, value: Uint8Array): Buffer {
  const file = Buffer.alloc(HEADER_BYTES + value.byteLength);
  file.write(MAGIC, 'latin1');
  file.write(key, KEY_AT, 'hex');
  file.writeBigUInt64LE(BigInt(value.byteLength), LENGTH_AT);
  file.writeUInt32LE(crc32(value), CHECKSUM_AT);
  file.set(value, HEADER_BYTES);
  return file;
}

/** The value of a file that is whole and of this key; null for any other. Throws what the system throws. */
export async function readEntry(path: string, key: string): Promise<Uint8Array | null> {
  const handle = await fs.open(path, 'r');
  try {
    const {size} = await handle.stat();
    if (size < HEADER_BYTES) return null;
    const file = Buffer.from(new ArrayBuffer(size));
    return (await fill(handle, file)) && isEntry(file, key) ? file.subarray(HEADER_BYTES) : null;
  } finally {
    await handle.close();
  }
}

async function fill(handle: FileHandle, file: Buffer): Promise<boolean> {
  for (let at = 0; at < file.length; ) {
    const {bytesRead} = await handle.read(file, at, file.length - at, at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}

function isEntry(file: Buffer, key: string): boolean {
  const value = file.subarray(HEADER_BYTES);
  return (
    file.toString('latin1', 0, KEY_AT) === MAGIC &&
    file.toString('hex', KEY_AT, LENGTH_AT) === key &&
    file.readBigUInt64LE(LENGTH_AT) === BigInt(value.length) &&
    file.readUInt32LE(CHECKSUM_AT) === crc32(value)
  );
}
