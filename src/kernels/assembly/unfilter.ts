// The filters of PNG undone (W3C PNG, section 9): a line holds what its bytes differ by from a prediction made of their
// neighbours, a pixel to the left, the line above, or both.

/** The first bytes at an address, as lanes of 8 bits. */
// @ts-ignore: decorator
@inline
function pixelAt<T>(address: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_zero(address) : v128.load64_zero(address);
}

// @ts-ignore: decorator
@inline
function writePixel<T>(address: usize, pixel: v128): void {
  if (sizeof<T>() == 4) v128.store32_lane(address, pixel, 0);
  else v128.store64_lane(address, pixel, 0);
}

// @ts-ignore: decorator
@inline
function undoSub<T>(line: usize, length: usize, pixelBytes: usize, out: usize): void {
  let left = i8x16.splat(0);
  for (let at: usize = 0; at < length; at += pixelBytes) {
    left = i8x16.add(left, pixelAt<T>(line + at));
    writePixel<T>(out + at, left);
  }
}

// @ts-ignore: decorator
@inline
function undoUp(line: usize, length: usize, above: usize, out: usize): void {
  for (let at: usize = 0; at < length; at += 16) {
    v128.store(out + at, i8x16.add(v128.load(line + at), v128.load(above + at)));
  }
}

// @ts-ignore: decorator
@inline
function undoAverage<T>(line: usize, length: usize, pixelBytes: usize, above: usize, out: usize): void {
  let left = i8x16.splat(0);
  for (let at: usize = 0; at < length; at += pixelBytes) {
    const up = pixelAt<T>(above + at);
    // The instruction rounds halves up, the filter down.
    const half = v128.and(v128.xor(left, up), i8x16.splat(1));
    left = i8x16.add(i8x16.sub(i8x16.avgr_u(left, up), half), pixelAt<T>(line + at));
    writePixel<T>(out + at, left);
  }
}

/** Of left, up and corner, the one that left + up - corner is nearest to; the earlier of two. */
// @ts-ignore: decorator
@inline
function undoPaeth<T>(line: usize, length: usize, pixelBytes: usize, above: usize, out: usize): void {
  let left = i16x8.splat(0);
  let corner = i16x8.splat(0);
  for (let at: usize = 0; at < length; at += pixelBytes) {
    const up = i16x8.extend_low_i8x16_u(pixelAt<T>(above + at));
    const across = i16x8.sub(up, corner);
    const down = i16x8.sub(left, corner);
    const toLeft = i16x8.abs(across);
    const toUp = i16x8.abs(down);
    const toCorner = i16x8.abs(i16x8.add(across, down));
    const farther = i16x8.min_s(toUp, toCorner);
    const other = v128.bitselect(corner, up, i16x8.gt_s(toUp, toCorner));
    const nearest = v128.bitselect(other, left, i16x8.gt_s(toLeft, farther));
    // In lanes of 8 bits: the upper halves stay zero.
    left = i8x16.add(nearest, i16x8.extend_low_i8x16_u(pixelAt<T>(line + at)));
    writePixel<T>(out + at, i8x16.narrow_i16x8_u(left, left));
    corner = up;
  }
}

// @ts-ignore: decorator
@inline
function undo<T>(filter: u8, line: usize, length: usize, pixelBytes: usize, above: usize, out: usize): void {
  if (filter == 0) memory.copy(out, line, length);
  else if (filter == 1) undoSub<T>(line, length, pixelBytes, out);
  else if (filter == 2) undoUp(line, length, above, out);
  else if (filter == 3) undoAverage<T>(line, length, pixelBytes, above, out);
  else undoPaeth<T>(line, length, pixelBytes, above, out);
}

/**
 * Undoes the filters of `rows` lines of a byte that names the filter and `length` more. The line above the first is at `out`,
 * the undone ones are written after it, without gaps; up to 15 bytes behind them are written too. Pixels have up to 8 bytes.
 * Gives how many lines it undid: all, or those before one whose filter is unknown.
 */
export function unfilter(lines: usize, rows: usize, length: usize, pixelBytes: usize, out: usize): usize {
  for (let row: usize = 0; row < rows; row++) {
    const filter = load<u8>(lines);
    if (filter > 4) return row;
    if (pixelBytes <= 4) undo<u32>(filter, lines + 1, length, pixelBytes, out, out + length);
    else undo<u64>(filter, lines + 1, length, pixelBytes, out, out + length);
    lines += 1 + length;
    out += length;
  }
  return rows;
}
