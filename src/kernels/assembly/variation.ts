// Total variation: sums over the forward differences of a block's own elements. A block has a row and a column more than it
// owns, but at the image's edges, past which a difference is zero.

import {addDifferencesF64, addDifferencesU16, addDifferencesU8} from './differences';

// @ts-ignore: decorator
@inline
function addDifferences<T>(x: usize, y: usize, length: usize, sums: usize): void {
  if (sizeof<T>() == 1) addDifferencesU8(x, y, length, sums);
  else if (sizeof<T>() == 2) addDifferencesU16(x, y, length, sums);
  else addDifferencesF64(x, y, length, sums, 1, 1, 0);
}

/** Adds Σ|dx| + |dy| and Σ dx² + dy² to the two float64 at `sums`. */
// @ts-ignore: decorator
@inline
function add<T>(
  at: usize,
  rows: usize,
  columns: usize,
  ownRows: usize,
  ownColumns: usize,
  channels: usize,
  sums: usize,
): void {
  const stride = columns * channels * sizeof<T>();
  const across = min(ownColumns, columns - 1) * channels;
  for (let row: usize = 0; row < ownRows; row++) {
    const start = at + row * stride;
    addDifferences<T>(start + channels * sizeof<T>(), start, across, sums);
    if (row + 1 < rows) addDifferences<T>(start + stride, start, ownColumns * channels, sums);
  }
}

// @ts-ignore: decorator
@inline
function value<T>(at: usize, i: usize): f64 {
  return f64(load<T>(at + i * sizeof<T>()));
}

/** Two neighbouring elements. */
// @ts-ignore: decorator
@inline
function two<T>(at: usize, i: usize): v128 {
  const start = at + i * sizeof<T>();
  if (sizeof<T>() == 8) return v128.load(start);
  if (sizeof<T>() == 2) return f64x2.convert_low_i32x4_u(i32x4.extend_low_i16x8_u(v128.load32_zero(start)));
  return f64x2.convert_low_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i16x8.splat(load<i16>(start)))));
}

/** Adds Σ√(dx² + dy²) to the float64 at `sums`. */
// @ts-ignore: decorator
@inline
function addRoots<T>(
  at: usize,
  rows: usize,
  columns: usize,
  ownRows: usize,
  ownColumns: usize,
  channels: usize,
  sums: usize,
): void {
  const stride = columns * channels;
  const across = min(ownColumns, columns - 1) * channels;
  for (let row: usize = 0; row < ownRows; row++) {
    const start = at + row * stride * sizeof<T>();
    // In the last row an element is its own neighbour below.
    const below = row + 1 < rows ? start + stride * sizeof<T>() : start;
    const right = start + channels * sizeof<T>();
    let sum = f64x2(0, 0);
    let i: usize = 0;
    for (; i + 2 <= across; i += 2) {
      const own = two<T>(start, i);
      const dx = f64x2.sub(two<T>(right, i), own);
      const dy = f64x2.sub(two<T>(below, i), own);
      sum = f64x2.add(sum, f64x2.sqrt(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy))));
    }
    let rest = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    for (; i < ownColumns * channels; i++) {
      const own = value<T>(start, i);
      const dx = i < across ? value<T>(right, i) - own : 0;
      const dy = value<T>(below, i) - own;
      rest += Math.sqrt(dx * dx + dy * dy);
    }
    store<f64>(sums, load<f64>(sums) + rest);
  }
}

export function addVariationU8(
  at: usize,
  rows: usize,
  columns: usize,
  ownRows: usize,
  ownColumns: usize,
  channels: usize,
  sums: usize,
): void {
  add<u8>(at, rows, columns, ownRows, ownColumns, channels, sums);
}

export function addVariationU16(
  at: usize,
  rows: usize,
  columns: usize,
  ownRows: usize,
  ownColumns: usize,
  channels: usize,
  sums: usize,
): void {
  add<u16>(at, rows, columns, ownRows, ownColumns, channels, sums);
}

export function addVariationF64(
  at: usize,
  rows: usize,
  columns: usize,
  ownRows: usize,
  ownColumns: usize,
  channels: usize,
  sums: usize,
): void {
  add<f64>(at, rows, columns, ownRows, ownColumns, channels, sums);
}

export function addRootVariationU8(
  at: usize,
  rows: usize,
  columns: usize,
  ownRows: usize,
  ownColumns: usize,
  channels: usize,
  sums: usize,
): void {
  addRoots<u8>(at, rows, columns, ownRows, ownColumns, channels, sums);
}

export function addRootVariationU16(
  at: usize,
  rows: usize,
  columns: usize,
  ownRows: usize,
  ownColumns: usize,
  channels: usize,
  sums: usize,
): void {
  addRoots<u16>(at, rows, columns, ownRows, ownColumns, channels, sums);
}

export function addRootVariationF64(
  at: usize,
  rows: usize,
  columns: usize,
  ownRows: usize,
  ownColumns: usize,
  channels: usize,
  sums: usize,
): void {
  addRoots<f64>(at, rows, columns, ownRows, ownColumns, channels, sums);
}
