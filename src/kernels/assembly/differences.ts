// Sums over the differences d of two runs of elements: exact in whole numbers, where the elements are whole numbers.

/** Elements after which the sums of 32 bits are added to those of 64. */
const CHUNK: usize = 32768;

// @ts-ignore: decorator
@inline
function sumOfLanes(sums: v128): u64 {
  return i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1);
}

// @ts-ignore: decorator
@inline
function widened(sums: v128): v128 {
  return i64x2.add(i64x2.extend_low_i32x4_u(sums), i64x2.extend_high_i32x4_u(sums));
}

/** Adds Σ|d| and Σd² of bytes to the two float64 at `sums`. */
export function addDifferencesU8(x: usize, y: usize, length: usize, sums: usize): void {
  let absolute = i64x2(0, 0);
  let squared = i64x2(0, 0);
  let i: usize = 0;
  const whole = length & ~15;
  while (i < whole) {
    const end = min(whole, i + CHUNK);
    let absolute32 = i32x4(0, 0, 0, 0);
    let squared32 = i32x4(0, 0, 0, 0);
    for (; i < end; i += 16) {
      const a = v128.load(x + i);
      const b = v128.load(y + i);
      const d = v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
      const low = i16x8.extend_low_i8x16_u(d);
      const high = i16x8.extend_high_i8x16_u(d);
      absolute32 = i32x4.add(absolute32, i32x4.extadd_pairwise_i16x8_u(i16x8.add(low, high)));
      squared32 = i32x4.add(squared32, i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high)));
    }
    absolute = i64x2.add(absolute, widened(absolute32));
    squared = i64x2.add(squared, widened(squared32));
  }
  let absoluteRest = sumOfLanes(absolute);
  let squaredRest = sumOfLanes(squared);
  for (; i < length; i++) {
    const d = abs(i32(load<u8>(x + i)) - i32(load<u8>(y + i)));
    absoluteRest += d;
    squaredRest += d * d;
  }
  store<f64>(sums, load<f64>(sums) + f64(absoluteRest));
  store<f64>(sums, load<f64>(sums, 8) + f64(squaredRest), 8);
}

/** The same of unsigned elements of 16 bits. */
export function addDifferencesU16(x: usize, y: usize, length: usize, sums: usize): void {
  let absolute = i64x2(0, 0);
  let squared = i64x2(0, 0);
  let i: usize = 0;
  const whole = length & ~7;
  while (i < whole) {
    const end = min(whole, i + CHUNK);
    let absolute32 = i32x4(0, 0, 0, 0);
    for (; i < end; i += 8) {
      const a = v128.load(x + 2 * i);
      const b = v128.load(y + 2 * i);
      const d = v128.or(i16x8.sub_sat_u(a, b), i16x8.sub_sat_u(b, a));
      absolute32 = i32x4.add(absolute32, i32x4.extadd_pairwise_i16x8_u(d));
      squared = i64x2.add(squared, widened(i32x4.extmul_low_i16x8_u(d, d)));
      squared = i64x2.add(squared, widened(i32x4.extmul_high_i16x8_u(d, d)));
    }
    absolute = i64x2.add(absolute, widened(absolute32));
  }
  let absoluteRest = sumOfLanes(absolute);
  let squaredRest = sumOfLanes(squared);
  for (; i < length; i++) {
    const d = u64(abs(i32(load<u16>(x + 2 * i)) - i32(load<u16>(y + 2 * i))));
    absoluteRest += d;
    squaredRest += d * d;
  }
  store<f64>(sums, load<f64>(sums) + f64(absoluteRest));
  store<f64>(sums, load<f64>(sums, 8) + f64(squaredRest), 8);
}

/** The same of float64, d = x·xScale − y·yScale − offset. */
export function addDifferencesF64(
  x: usize,
  y: usize,
  length: usize,
  sums: usize,
  xScale: f64,
  yScale: f64,
  offset: f64,
): void {
  let absolute = f64x2(0, 0);
  let squared = f64x2(0, 0);
  for (let i: usize = 0; i < length; i += 2) {
    const a = f64x2.mul(v128.load(x + 8 * i), f64x2.splat(xScale));
    const b = f64x2.mul(v128.load(y + 8 * i), f64x2.splat(yScale));
    let d = f64x2.sub(f64x2.sub(a, b), f64x2.splat(offset));
    if (i + 1 == length) d = v128.and(d, i64x2(-1, 0));
    absolute = f64x2.add(absolute, f64x2.abs(d));
    squared = f64x2.add(squared, f64x2.mul(d, d));
  }
  store<f64>(sums, load<f64>(sums) + f64x2.extract_lane(absolute, 0) + f64x2.extract_lane(absolute, 1));
  store<f64>(sums, load<f64>(sums, 8) + f64x2.extract_lane(squared, 0) + f64x2.extract_lane(squared, 1), 8);
}

/**
 * Counts bytes by |d|, in four tables of 256 u32 at `counts`, one after another: neighbours are mostly alike, and counting
 * them in one table would wait for each other.
 */
export function countDifferencesU8(x: usize, y: usize, length: usize, counts: usize): void {
  let i: usize = 0;
  for (; i + 4 <= length; i += 4) {
    countByte(x + i, y + i, counts);
    countByte(x + i + 1, y + i + 1, counts + 1024);
    countByte(x + i + 2, y + i + 2, counts + 2048);
    countByte(x + i + 3, y + i + 3, counts + 3072);
  }
  for (; i < length; i++) countByte(x + i, y + i, counts);
}

// @ts-ignore: decorator
@inline
function countByte(x: usize, y: usize, counts: usize): void {
  const at = counts + 4 * abs(i32(load<u8>(x)) - i32(load<u8>(y)));
  store<u32>(at, load<u32>(at) + 1);
}

/** Counts elements of 16 bits by |d|, in a table of 65536 u32. */
export function countDifferencesU16(x: usize, y: usize, length: usize, counts: usize): void {
  for (let i: usize = 0; i < length; i++) {
    const at = counts + 4 * abs(i32(load<u16>(x + 2 * i)) - i32(load<u16>(y + 2 * i)));
    store<u32>(at, load<u32>(at) + 1);
  }
}
