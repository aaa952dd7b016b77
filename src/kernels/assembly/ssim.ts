// SSIM's windows of one channel of a block of two images. See ../ssim-windows.ts for the formula.

/** Taps at each side of the window's centre. */
const HALF: usize = 5;
/** Windows in a stretch of a row, which is what one tile is wide. */
const TILE: usize = 128;
/** Rows of windows computed at once. */
const ROWS: usize = 16;

/** Bytes of one map of a row: a tile, the windows' margins, and what loads of four elements may read past them. */
const MAP: usize = (TILE + 2 * HALF + 6) * 8;
/** Bytes of two elements of the four filtered maps, which lie together. */
const PAIR: usize = 64;
/** Bytes of two columns of a tile: the filtered maps of the rows of windows, after those of the ten rows above. */
const COLUMN: usize = (ROWS + 2 * HALF) * PAIR;

/** Bytes of the workspace that `ssimU8` and its like need. */
export function ssimWorkspace(): usize {
  return 4 * MAP + (TILE / 2) * COLUMN + PAIR;
}

// Offsets in the constants, which are float64.
/** Twice the centre of the values, c1 and c2, in the units of the values. */
const CENTRES: usize = 48;
const LUMINANCE: usize = 56;
const CONTRAST: usize = 64;
/** s = x·xScale + y·yScale − sOffset, d = x·xScale − y·yScale − dOffset. */
const X_SCALE: usize = 72;
const Y_SCALE: usize = 80;
const S_OFFSET: usize = 88;
const D_OFFSET: usize = 96;

// @ts-expect-error: decorator
@inline
function storeMaps(out: usize, s: v128, d: v128, share: v128): void {
  const sShare = f64x2.mul(s, share);
  const dShare = f64x2.mul(d, share);
  v128.store(out, sShare);
  v128.store(out, dShare, MAP);
  v128.store(out, f64x2.mul(s, sShare), 2 * MAP);
  v128.store(out, f64x2.mul(d, dShare), 3 * MAP);
}

/** s, d, s² and d² of one channel of a row of 8-bit pixels of equal scale, of at most five channels, four pixels at a time. */
function writeByteMaps(
  x: usize,
  y: usize,
  length: usize,
  channels: usize,
  constants: usize,
  maps: usize,
): void {
  const share = v128.load64_splat(constants, 40);
  const centres = i32x4.splat(i32(load<f64>(constants, S_OFFSET)));
  // Every channels-th byte as an i32; bytes of an index past 15 are 0.
  const step = i32(channels);
  const spread = i32x4(0x7f7f7f00, 0x7f7f7f00 + step, 0x7f7f7f00 + 2 * step, 0x7f7f7f00 + 3 * step);
  let out = maps;
  for (let i: usize = 0; i < length; i += 4) {
    const a = i8x16.swizzle(v128.load(x), spread);
    const b = i8x16.swizzle(v128.load(y), spread);
    const s = i32x4.sub(i32x4.add(a, b), centres);
    const d = i32x4.sub(a, b);
    storeMaps(out, f64x2.convert_low_i32x4_s(s), f64x2.convert_low_i32x4_s(d), share);
    storeMaps(
      out + 16,
      f64x2.convert_low_i32x4_s(i64x2.shuffle(s, s, 1, 0)),
      f64x2.convert_low_i32x4_s(i64x2.shuffle(d, d, 1, 0)),
      share,
    );
    x += 4 * channels;
    y += 4 * channels;
    out += 32;
  }
}

/** The same of any pixels. */
// @ts-expect-error: decorator
@inline
function writeMaps<T>(
  x: usize,
  y: usize,
  length: usize,
  channels: usize,
  constants: usize,
  maps: usize,
): void {
  const share = v128.load64_splat(constants, 40);
  const xScale = v128.load64_splat(constants, X_SCALE);
  const yScale = v128.load64_splat(constants, Y_SCALE);
  const sOffset = v128.load64_splat(constants, S_OFFSET);
  const dOffset = v128.load64_splat(constants, D_OFFSET);
  const step = channels * sizeof<T>();
  let out = maps;
  for (let i: usize = 0; i < length; i += 2) {
    const a = f64x2.mul(f64x2.replace_lane(f64x2.splat(f64(load<T>(x))), 1, f64(load<T>(x + step))), xScale);
    const b = f64x2.mul(f64x2.replace_lane(f64x2.splat(f64(load<T>(y))), 1, f64(load<T>(y + step))), yScale);
    storeMaps(out, f64x2.sub(f64x2.add(a, b), sOffset), f64x2.sub(f64x2.sub(a, b), dOffset), share);
    x += 2 * step;
    y += 2 * step;
    out += 16;
  }
}

// @ts-expect-error: decorator
@inline
function tapped(sum: v128, tap: v128, one: v128, other: v128): v128 {
  return f64x2.add(sum, f64x2.mul(tap, f64x2.add(one, other)));
}

/** The taps along one map of a row, for two pairs of windows that lie two apart and share eleven elements. */
// @ts-expect-error: decorator
@inline
function acrossMap(
  at: usize,
  out: usize,
  t0: v128,
  t1: v128,
  t2: v128,
  t3: v128,
  t4: v128,
): void {
  const v2 = v128.load(at, 16);
  const v10 = v128.load(at, 80);
  let first = f64x2.mul(t0, f64x2.add(v128.load(at), v10));
  let second = f64x2.mul(t0, f64x2.add(v2, v128.load(at, 96)));
  const v3 = v128.load(at, 24);
  const v9 = v128.load(at, 72);
  first = tapped(first, t1, v128.load(at, 8), v9);
  second = tapped(second, t1, v3, v128.load(at, 88));
  const v4 = v128.load(at, 32);
  const v8 = v128.load(at, 64);
  first = tapped(first, t2, v2, v8);
  second = tapped(second, t2, v4, v10);
  const v5 = v128.load(at, 40);
  const v7 = v128.load(at, 56);
  first = tapped(first, t3, v3, v7);
  second = tapped(second, t3, v5, v9);
  const v6 = v128.load(at, 48);
  first = tapped(first, t4, v4, v6);
  second = tapped(second, t4, v6, v8);
  v128.store(out, f64x2.add(first, v5));
  v128.store(out, f64x2.add(second, v7), COLUMN);
}

/** The taps along a row of the maps. The centre's tap is 1: the maps are scaled for that. */
function filterAcross(maps: usize, taps: usize, windows: usize, slot: usize): void {
  const t0 = v128.load64_splat(taps, 0);
  const t1 = v128.load64_splat(taps, 8);
  const t2 = v128.load64_splat(taps, 16);
  const t3 = v128.load64_splat(taps, 24);
  const t4 = v128.load64_splat(taps, 32);
  let at = maps;
  let out = slot;
  for (let i: usize = 0; i < windows; i += 4) {
    acrossMap(at, out, t0, t1, t2, t3, t4);
    acrossMap(at + MAP, out + 16, t0, t1, t2, t3, t4);
    acrossMap(at + 2 * MAP, out + 32, t0, t1, t2, t3, t4);
    acrossMap(at + 3 * MAP, out + 48, t0, t1, t2, t3, t4);
    at += 32;
    out += 2 * COLUMN;
  }
}


/** The taps down one map, for the windows of a row and of the next one. */
// @ts-expect-error: decorator
@inline
function downMap(
  at: usize,
  t0: v128,
  t1: v128,
  t2: v128,
  t3: v128,
  t4: v128,
  out: usize,
): void {
  const v1 = v128.load(at, PAIR);
  const v10 = v128.load(at, 10 * PAIR);
  let first = f64x2.mul(t0, f64x2.add(v128.load(at), v10));
  let second = f64x2.mul(t0, f64x2.add(v1, v128.load(at, 11 * PAIR)));
  const v2 = v128.load(at, 2 * PAIR);
  const v9 = v128.load(at, 9 * PAIR);
  first = tapped(first, t1, v1, v9);
  second = tapped(second, t1, v2, v10);
  const v3 = v128.load(at, 3 * PAIR);
  const v8 = v128.load(at, 8 * PAIR);
  first = tapped(first, t2, v2, v8);
  second = tapped(second, t2, v3, v9);
  const v4 = v128.load(at, 4 * PAIR);
  const v7 = v128.load(at, 7 * PAIR);
  first = tapped(first, t3, v3, v7);
  second = tapped(second, t3, v4, v8);
  const v5 = v128.load(at, 5 * PAIR);
  const v6 = v128.load(at, 6 * PAIR);
  first = tapped(first, t4, v4, v6);
  second = tapped(second, t4, v5, v7);
  v128.store(out, f64x2.add(first, v5));
  v128.store(out, f64x2.add(second, v6), PAIR);
}

/** Adds SSIM and the contrast term of two windows, whose filtered maps lie at `at`, to `sums`. */
// @ts-expect-error: decorator
@inline
function addPair(at: usize, constants: usize, mask: v128, sums: usize): void {
  const s = v128.load(at);
  const d = v128.load(at, 16);
  const one = f64x2.splat(1);
  const squaredD = f64x2.mul(d, d);
  // Rounding can leave a variance of −1e-18, and SSIM a hair above 1.
  const varianceD = f64x2.pmax(f64x2.sub(v128.load(at, 48), squaredD), f64x2.splat(0));
  const varianceS = f64x2.sub(v128.load(at, 32), f64x2.mul(s, s));
  const sum = f64x2.add(s, v128.load64_splat(constants, CENTRES));
  const means = f64x2.add(f64x2.add(f64x2.mul(sum, sum), squaredD), v128.load64_splat(constants, LUMINANCE));
  const variances = f64x2.add(f64x2.add(varianceS, varianceD), v128.load64_splat(constants, CONTRAST));
  const contrast = f64x2.sub(one, f64x2.div(f64x2.add(varianceD, varianceD), variances));
  const luminance = f64x2.sub(one, f64x2.div(f64x2.add(squaredD, squaredD), means));
  v128.store(sums, f64x2.add(v128.load(sums), v128.and(f64x2.mul(luminance, contrast), mask)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), v128.and(contrast, mask)), 16);
}

/** Adds SSIM and the contrast term of `rows` rows of windows to `sums`: two sums each. */
function addWindows(
  ring: usize,
  constants: usize,
  rows: usize,
  windows: usize,
  scratch: usize,
  sums: usize,
): void {
  const t0 = v128.load64_splat(constants, 0);
  const t1 = v128.load64_splat(constants, 8);
  const t2 = v128.load64_splat(constants, 16);
  const t3 = v128.load64_splat(constants, 24);
  const t4 = v128.load64_splat(constants, 32);
  for (let i: usize = 0; i < windows; i += 2) {
    const mask = i + 1 == windows ? i64x2(-1, 0) : i64x2(-1, -1);
    let at = ring + (i >> 1) * COLUMN;
    for (let row: usize = 0; row < rows; row += 2) {
      downMap(at, t0, t1, t2, t3, t4, scratch);
      downMap(at + 16, t0, t1, t2, t3, t4, scratch + 16);
      downMap(at + 32, t0, t1, t2, t3, t4, scratch + 32);
      downMap(at + 48, t0, t1, t2, t3, t4, scratch + 48);
      addPair(scratch, constants, mask, sums);
      if (row + 1 < rows) addPair(scratch + PAIR, constants, mask, sums);
      at += 2 * PAIR;
    }
  }
}

/** Moves the last ten rows of every column before the next rows. */
function keepLastRows(ring: usize, windows: usize): void {
  for (let i: usize = 0; i < windows; i += 2) {
    const column = ring + (i >> 1) * COLUMN;
    memory.copy(column, column + ROWS * PAIR, 2 * HALF * PAIR);
  }
}

// @ts-expect-error: decorator
@inline
function block<T>(
  x: usize,
  y: usize,
  stride: usize,
  rows: usize,
  width: usize,
  channels: usize,
  constants: usize,
  workspace: usize,
  sums: usize,
): void {
  const maps = workspace;
  const ring = workspace + 4 * MAP;
  const scratch = ring + (TILE / 2) * COLUMN;
  const windows = width - 2 * HALF;
  const step = channels * sizeof<T>();
  for (let left: usize = 0; left < windows; left += TILE) {
    const tile = min(TILE, windows - left);
    for (let channel: usize = 0; channel < channels; channel++) {
      const start = left * step + channel * sizeof<T>();
      // Slots before the first window's last row have no window yet.
      let slot: usize = 0;
      for (let row: usize = 0; row < rows; row++) {
        const at = start + row * stride;
        if (sizeof<T>() == 1) writeByteMaps(x + at, y + at, tile + 2 * HALF, channels, constants, maps);
        else writeMaps<T>(x + at, y + at, tile + 2 * HALF, channels, constants, maps);
        filterAcross(maps, constants, tile, ring + slot * PAIR);
        slot++;
        if (slot == ROWS + 2 * HALF || (row + 1 == rows && slot > 2 * HALF)) {
          addWindows(ring, constants, slot - 2 * HALF, tile, scratch, sums + channel * 32);
          keepLastRows(ring, tile);
          slot = 2 * HALF;
        }
      }
    }
  }
}

/** 8-bit pixels of equal scale. */
export function ssimU8(
  x: usize,
  y: usize,
  stride: usize,
  rows: usize,
  width: usize,
  channels: usize,
  constants: usize,
  workspace: usize,
  sums: usize,
): void {
  block<u8>(x, y, stride, rows, width, channels, constants, workspace, sums);
}

/** 16-bit pixels. */
export function ssimU16(
  x: usize,
  y: usize,
  stride: usize,
  rows: usize,
  width: usize,
  channels: usize,
  constants: usize,
  workspace: usize,
  sums: usize,
): void {
  block<u16>(x, y, stride, rows, width, channels, constants, workspace, sums);
}

/** Pixels as float64. */
export function ssimF64(
  x: usize,
  y: usize,
  stride: usize,
  rows: usize,
  width: usize,
  channels: usize,
  constants: usize,
  workspace: usize,
  sums: usize,
): void {
  block<f64>(x, y, stride, rows, width, channels, constants, workspace, sums);
}
