import fc from 'fast-check';
import {expect, test} from 'vitest';
import {unfilterLines} from '../../src/kernels/unfilter.js';

/** Byte by byte, as W3C PNG, section 9, writes it. */
function direct(data: Uint8Array, rows: number, length: number, pixelBytes: number): number[] {
  const out: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const filter = data[row * (length + 1)];
    const line: number[] = [];
    for (let i = 0; i < length; i++) {
      const a = line[i - pixelBytes] ?? 0;
      const b = out[row - 1]?.[i] ?? 0;
      const c = (i < pixelBytes ? 0 : out[row - 1]?.[i - pixelBytes]) ?? 0;
      const predicted = [0, a, b, Math.floor((a + b) / 2), paeth(a, b, c)][filter as number] as number;
      line.push(((data[row * (length + 1) + 1 + i] as number) + predicted) % 256);
    }
    out.push(line);
  }
  return out.flat();
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)] as const;
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

const images = fc
  .record({
    rows: fc.integer({min: 1, max: 9}),
    pixelBytes: fc.integer({min: 1, max: 8}),
    pixels: fc.integer({min: 1, max: 40}),
  })
  .chain(({rows, pixelBytes, pixels}) => {
    const length = pixels * pixelBytes;
    const line = fc
      .tuple(fc.nat(4), fc.uint8Array({minLength: length, maxLength: length}))
      .map(([filter, bytes]) => [filter, ...bytes]);
    return fc
      .array(line, {minLength: rows, maxLength: rows})
      .map((lines) => ({rows, length, pixelBytes, bytes: lines.flat()}));
  });

test('filters of any lines and any blocks of them', () => {
  fc.assert(
    fc.property(images, fc.integer({min: 1, max: 500}), ({rows, length, pixelBytes, bytes}, blockBytes) => {
      const data = Uint8Array.from(bytes);
      const expected = direct(data, rows, length, pixelBytes);
      expect(unfilterLines(data, {rows, length, pixelBytes}, blockBytes)).toBeNull();
      expect(Array.from(data.subarray(0, rows * length))).toEqual(expected);
    }),
    {numRuns: 500},
  );
});

test('lines of a usual size, every filter among smooth values', () => {
  const [rows, length] = [300, 3 * 401];
  const data = Uint8Array.from({length: rows * (length + 1)}, (_, i) => {
    const [row, at] = [Math.floor(i / (length + 1)), i % (length + 1)];
    return at === 0 ? row % 5 : (row * at) % 7;
  });
  const expected = direct(data, rows, length, 3);
  expect(unfilterLines(data, {rows, length, pixelBytes: 3})).toBeNull();
  expect(Buffer.compare(data.subarray(0, rows * length), Uint8Array.from(expected))).toBe(0);
});

test.each([1, 100])('a filter that is none is named, blocks of %i bytes', (blockBytes) => {
  const data = Uint8Array.from([0, 1, 2, 2, 1, 1, 9, 5, 5]);
  expect(unfilterLines(data, {rows: 3, length: 2, pixelBytes: 1}, blockBytes)).toBe(9);
});
