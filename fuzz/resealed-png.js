import {crc32} from 'node:zlib';

/** A PNG with right checksums, as far as its chunks can be followed: what is damaged within them is then looked at. */
export function resealedPng(bytes) {
  const out = Buffer.from(bytes);
  if (out[0] !== 0x89) return out;
  for (let at = 8; at + 12 <= out.length; ) {
    const end = at + 8 + out.readUInt32BE(at);
    if (end + 4 > out.length) break;
    out.writeUInt32BE(crc32(out.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return out;
}
