import type {FileHandle} from 'node:fs/promises';

const BLOCK_BYTES = 1 << 20;
const LINE_FEED = 0x0a;

/** A line of a file and where it lies. */
export interface PlacedLine {
  /** Without its end. */
  readonly bytes: Buffer;
  /** Of its first byte. */
  readonly offset: number;
}

/** The whole lines of an open file from its beginning; what follows the last line feed is none. Memory does not depend on their number. */
export async function* wholeLines(file: FileHandle): AsyncGenerator<readonly PlacedLine[]> {
  let rest = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const {bytesRead} = await file.read(block, 0, BLOCK_BYTES, position);
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
