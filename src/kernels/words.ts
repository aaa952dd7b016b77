/** Bytes four at a time, those that fill a word; a copy where they do not lie at a multiple of four. */
export function wordsOf(bytes: Uint8Array | Int8Array): Uint32Array {
  const {buffer, byteOffset} = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(buffer, byteOffset, bytes.length >> 2);
}
