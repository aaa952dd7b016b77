import type {FileHandle} from 'node:fs/promises';

const LINE_FEED = 0x0a;

/** Far longer than any line that is written: a file with one is something else. */
const LONGEST_LINE_BYTES = 1 << 24;

/** A line of a file and where it lies. */
export interface PlacedLine {
  /** Without its end. */
  readonly bytes: Buffer;
  /** Of its first byte. */
  readonly offset: number;
}

/**
 * The whole lines of an open file from its beginning, read in blocks; what follows the last line feed, and a line of over
 * 16 MiB with all behind it, is none. Memory does not depend on their number.
 */
export async function* wholeLines(file: FileHandle, blockBytes = 1 << 20): AsyncGenerator<readonly PlacedLine[]> {
  let rest = Buffer.alloc(0);
  let position = 0;
  while (rest.length <= LONGEST_LINE_BYTES) {
    const block = Buffer.allocUnsafe(blockBytes);
    const {bytesRead} = await file.read(block, 0, blockBytes, position);
    if (bytesRead === 0) return;
    const start = position - rest.length;
    const bytes = rest.length > 0 ? Buffer.concat([rest, block.subarray(0, bytesRead)]) : block.subarray(0, bytesRead);
    position += bytesRead;
    const lines: PlacedLine[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      lines.push({bytes: bytes.subarray(from, end), offset: start + from});
      from = end + 1;
    }
    rest = bytes.subarray(from);
    yield lines;
  }
}
