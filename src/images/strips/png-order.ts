import type {Elements} from '../../kernels/elements.js';
import {unsupported} from '../format.js';
import {damaged} from '../stored.js';

/**
 * Walks the chunks of a PNG in a file to IEND, as `readPngLayout` does of one in memory; their checksums are left to the
 * decoder. Throws SampleError `decode-failed` for one that is cut short, `unsupported-format` for an animated one.
 */
export function checkPngOrder(bytes: Elements, path: string): void {
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const body = at + 8;
    if (body > bytes.length) throw damaged(path, 'the PNG is cut short');
    const head = Buffer.from(bytes.subarray(at, body) as Uint8Array);
    const end = body + head.readUInt32BE(0) + 4;
    if (end > bytes.length) throw damaged(path, 'the PNG is cut short');
    type = head.toString('latin1', 4);
    if (type === 'acTL') throw unsupported(path, 'an animated PNG cannot be read');
    at = end;
  }
}
