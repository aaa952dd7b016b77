import type {FileHandle} from 'node:fs/promises';
import {firstText, reparseJournalLine} from '../../journal/line.js';
import {type PlacedLine, wholeLines} from '../../journal/scan.js';
import type {Samples} from '../../samples/sample.js';
import {placeOf} from '../../samples/sample-list.js';
import {type JournalHeader, readHeader, readTornHeader} from './journal-header.js';

const WINDOW_BYTES = 1 << 20;

/** A part of the file that was read at once. */
interface Window {
  readonly start: number;
  readonly bytes: Buffer;
}

/** Where a journal has the row of each sample: eight bytes a sample, whatever the length of the rows; nothing where it has none. */
export class JournalIndex {
  /** Rows that are there. */
  count = 0;
  #window: Window = {start: 0, bytes: Buffer.alloc(0)};

  private constructor(
    readonly header: JournalHeader,
    /** Bytes of whole lines; what follows is torn. */
    readonly length: number,
    private readonly file: FileHandle,
    /** By place of the sample, negative where it has no row; null where none has. */
    private offsets: Float64Array | null,
  ) {}

  /** Reads a journal once. A damaged line is passed over, and of two rows of a sample the later one counts. */
  static async of(file: FileHandle, samples: Samples): Promise<JournalIndex> {
    let offsets: Float64Array | null = null;
    let header: JournalHeader = 'empty';
    let length = 0;
    let next = 0;
    for await (const lines of wholeLines(file)) {
      for (const line of lines) {
        length = line.offset + line.bytes.length + 1;
        if (line.offset === 0) header = readHeader(line.bytes);
        else {
          offsets ??= new Float64Array(samples.length).fill(-1);
          next = place(line, samples, next, offsets);
        }
      }
      if (header === 'foreign') break;
    }
    if (length === 0) header = await readTornHeader(file);
    const index = new JournalIndex(header, length, file, offsets);
    index.count = offsets?.reduce((sum, offset) => sum + (offset < 0 ? 0 : 1), 0) ?? 0;
    return index;
  }

  /** Whether what the journal holds of the sample at a place of the table is known without reading. */
  has(at: number): boolean {
    const offset = this.#offset(at);
    return offset < 0 || endOfLine(this.#window, offset) >= 0;
  }

  /** What the journal holds of a sample where it `has` that; null for nothing. */
  value(at: number): unknown {
    const offset = this.#offset(at);
    const end = endOfLine(this.#window, offset);
    const {start, bytes} = this.#window;
    return end < 0 ? null : reparseJournalLine(bytes.subarray(offset - start, end));
  }

  /** The same, read from the file, with what follows it there. */
  async read(at: number): Promise<unknown> {
    const offset = this.#offset(at);
    for (let size = WINDOW_BYTES; ; size *= 2) {
      const bytes = Buffer.allocUnsafe(size);
      const {bytesRead} = await this.file.read(bytes, 0, size, offset);
      const window = {start: offset, bytes: bytes.subarray(0, bytesRead)};
      if (endOfLine(window, offset) < 0 && bytesRead === size) continue;
      this.#window = window;
      return this.value(at);
    }
  }

  /** Forgets every row. */
  clear(): void {
    this.offsets = null;
    this.count = 0;
  }

  #offset(at: number): number {
    return this.offsets?.[at] ?? -1;
  }
}

/** Notes where the row of a line is, and gives the place where the next one is likely to be: rows follow each other as samples do. */
function place(line: PlacedLine, samples: Samples, likely: number, offsets: Float64Array): number {
  const key = firstText(line.bytes, 'key');
  if (key === null) return likely;
  const at = samples.at(likely)?.key === key ? likely : placeOf(samples, key);
  if (at < 0) return likely;
  offsets[at] = line.offset;
  return at + 1;
}

/** The end of a line in a window, without its line feed; −1 where the window does not hold all of it. */
function endOfLine({start, bytes}: Window, offset: number): number {
  return offset < start || offset >= start + bytes.length ? -1 : bytes.indexOf(0x0a, offset - start);
}
