import {unsupported} from './format.js';
import {damaged} from './stored.js';

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const ENTRIES = 4096;

/**
 * Fills `out` from LZW codes of 9 to 12 bits, most significant bit first, which widen one code early; gives the bytes
 * filled. Throws SampleError `decode-failed`, and `unsupported-format` for the codes of TIFF 5, least significant first.
 * Reference: Adobe, TIFF 6.0, section 13.
 */
export function decompressLzw(data: Buffer, out: Uint8Array, path: string): number {
  if (data[0] === 0 && ((data[1] ?? 0) & 1) === 1) throw unsupported(path, 'a TIFF with LZW of TIFF 5 cannot be read');
  const strings = new Strings(out);
  for (let bit = 0; strings.filled < out.length && bit + strings.width <= 8 * data.length; ) {
    const code = readCode(data, bit, strings.width);
    bit += strings.width;
    if (code === END) break;
    if (code === CLEAR) strings.clear();
    else if (!strings.write(code)) throw damaged(path, 'the TIFF is damaged: an LZW code before its entry');
  }
  return strings.filled;
}

function readCode(data: Buffer, bit: number, width: number): number {
  const at = Math.floor(bit / 8);
  const window = ((data[at] as number) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
  return (window >> (24 - width - (bit & 7))) & ((1 << width) - 1);
}

/** The table of strings. Each is a stretch of the output: a string and the byte that was written after it. */
class Strings {
  /** Bits of the next code. */
  width = 9;
  /** Bytes written. */
  filled = 0;
  private readonly starts = new Uint32Array(ENTRIES);
  private readonly lengths = new Uint32Array(ENTRIES).fill(1, 0, CLEAR);
  private next = FIRST;
  private previous = -1;
  private previousStart = 0;

  constructor(private readonly out: Uint8Array) {}

  clear(): void {
    this.width = 9;
    this.next = FIRST;
    this.previous = -1;
  }

  /** Writes a code's string; false for a code without one. */
  write(code: number): boolean {
    if (this.previous >= 0 && this.next < ENTRIES) {
      // Its last byte is the first of the string that is about to be written.
      this.starts[this.next] = this.previousStart;
      this.lengths[this.next] = (this.lengths[this.previous] as number) + 1;
      this.next++;
    }
    if (code >= this.next) return false;
    this.previous = code;
    this.previousStart = this.filled;
    if (code < CLEAR) this.out[this.filled++] = code;
    else this.repeat(this.starts[code] as number, this.lengths[code] as number);
    if (this.next + 1 >= 1 << this.width && this.width < 12) this.width++;
    return true;
  }

  /** Appends a stretch of the output to it, byte by byte: the two may overlap. */
  private repeat(start: number, length: number): void {
    const end = Math.min(this.filled + length, this.out.length);
    for (let from = start; this.filled < end; from++) this.out[this.filled++] = this.out[from] as number;
  }
}
