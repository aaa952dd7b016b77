import {unsupported} from './format.js';

const FRAMES = {baseline: 0xc0, last: 0xcf, tables: [0xc4, 0xc8, 0xcc]};
const LOSSLESS = [0xc3, 0xc7, 0xcb, 0xcf];

/**
 * Refuses by name a JPEG that is whole but of a kind no decoder here reads: 12 or 16 bits, or lossless coding.
 * Throws SampleError `unsupported-format`. Reference: ITU-T T.81, annex B.
 */
export function checkJpegCoding(bytes: Buffer, path: string): void {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number;
    if (marker >= FRAMES.baseline && marker <= FRAMES.last && !FRAMES.tables.includes(marker)) {
      const bits = bytes[at + 4] as number;
      const lossless = LOSSLESS.includes(marker) ? 'lossless ' : '';
      if (bits !== 8 || lossless) throw unsupported(path, `a ${lossless}JPEG of ${bits} bits cannot be read`);
      return;
    }
    // A fill byte may precede a marker.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
}
