import {promisify} from 'node:util';
import {inflate} from 'node:zlib';
import {damaged} from './stored.js';
import type {TiffLayout} from './tiff-layout.js';
import {decompressLzw} from './tiff-lzw.js';

const inflated = promisify(inflate) as (data: Buffer, options: {maxOutputLength: number}) => Promise<Buffer>;

/**
 * The first `length` bytes of a strip or tile, decompressed; a copy. `most` is the size of a whole one, to which some
 * writers fill the last. Throws SampleError `decode-failed` when it holds fewer, `unsupported-format` for LZW as
 * TIFF 5 had it. Reference: Adobe, TIFF 6.0, sections 9 and 13; Photoshop TIFF Technical Notes (deflate).
 */
export async function decompress(
  data: Buffer,
  compression: TiffLayout['compression'],
  length: number,
  most: number,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(length);
  let filled = 0;
  if (compression === 'PackBits') filled = unpackBits(data, out);
  else if (compression === 'LZW') filled = decompressLzw(data, out, path);
  else {
    const whole = compression === 'none' ? data : await inflateAll(data, most, path);
    out.set(whole.subarray(0, length));
    filled = Math.min(length, whole.length);
  }
  if (filled < length) throw damaged(path, `the TIFF is cut short: ${filled} bytes of pixels in place of ${length}`);
  return out;
}

function inflateAll(data: Buffer, most: number, path: string): Promise<Buffer> {
  return inflated(data, {maxOutputLength: most}).catch((cause: unknown) => {
    throw damaged(path, 'the TIFF pixels do not inflate to the size in the header', cause);
  });
}

function unpackBits(data: Buffer, out: Uint8Array): number {
  let to = 0;
  for (let at = 0; at < data.length && to < out.length; ) {
    const code = data.readInt8(at++);
    if (code === -128) continue;
    if (code >= 0) {
      const literal = data.subarray(at, Math.min(at + code + 1, at + out.length - to));
      out.set(literal, to);
      to += literal.length;
      at += code + 1;
    } else if (at < data.length) {
      const end = Math.min(to + 1 - code, out.length);
      out.fill(data[at++] as number, to, end);
      to = end;
    }
  }
  return to;
}
