// Halving: the sums of 2×2 elements, as 16-bit numbers, which must hold them.

/** Bytes of the two index tables that `halveU8` and `halveU16` need. */
export function halveWorkspace(): usize {
  return 32;
}

/** Fills two tables: which bytes of 16 are the left, and which the right elements of pairs of pixels, as 16-bit lanes. */
// @ts-expect-error: decorator
@inline
function writeTables<T>(channels: usize, pairs: usize, tables: usize): void {
  v128.store(tables, i64x2.splat(-1));
  v128.store(tables, i64x2.splat(-1), 16);
  let lane: usize = 0;
  for (let pair: usize = 0; pair < pairs; pair++) {
    for (let channel: usize = 0; channel < channels; channel++) {
      const left = (2 * pair * channels + channel) * sizeof<T>();
      const right = left + channels * sizeof<T>();
      for (let byte: usize = 0; byte < sizeof<T>(); byte++) {
        store<u8>(tables + 2 * lane + byte, u8(left + byte));
        store<u8>(tables + 2 * lane + byte, u8(right + byte), 16);
      }
      lane++;
    }
  }
}

/**
 * Writes `rows` rows of sums of rows of `width` pixels, `stride` bytes long. `down` is from a row to the one below, 0 where
 * there is none; an odd last column stands for itself twice. Up to 16 bytes behind the sums are written too.
 */
// @ts-expect-error: decorator
@inline
function halve<T>(
  at: usize,
  rows: usize,
  stride: usize,
  down: usize,
  width: usize,
  channels: usize,
  tables: usize,
  out: usize,
): void {
  const size = sizeof<T>();
  const pixels = width / 2;
  // Pairs of pixels that 16 bytes hold, whose sums eight lanes hold.
  const pairs = 16 / (2 * channels * size);
  if (pairs > 0) writeTables<T>(channels, pairs, tables);
  const lefts = v128.load(tables);
  const rights = v128.load(tables, 16);
  let end = out;
  for (let row: usize = 0; row < rows; row++) {
    const top = at + 2 * row * stride;
    const bottom = top + down;
    let from: usize = 0;
    let done: usize = 0;
    if (pairs > 0) {
      for (; done < pixels; done += pairs) {
        const a = v128.load(top + from);
        const b = v128.load(bottom + from);
        const left = i16x8.add(i8x16.swizzle(a, lefts), i8x16.swizzle(b, lefts));
        const right = i16x8.add(i8x16.swizzle(a, rights), i8x16.swizzle(b, rights));
        v128.store(end + 2 * done * channels, i16x8.add(left, right));
        from += 2 * pairs * channels * size;
      }
    } else {
      for (let i: usize = 0; i < pixels * channels; i++) {
        const left = ((i / channels) * 2 * channels + (i % channels)) * size;
        const right = left + channels * size;
        const sum =
          u32(load<T>(top + left)) + u32(load<T>(top + right)) + u32(load<T>(bottom + left)) + u32(load<T>(bottom + right));
        store<u16>(end + 2 * i, u16(sum));
      }
    }
    end += 2 * pixels * channels;
    if (width % 2 == 1) {
      for (let channel: usize = 0; channel < channels; channel++) {
        const last = ((width - 1) * channels + channel) * size;
        store<u16>(end, u16(2 * (u32(load<T>(top + last)) + u32(load<T>(bottom + last)))));
        end += 2;
      }
    }
  }
}

export function halveU8(
  at: usize,
  rows: usize,
  stride: usize,
  down: usize,
  width: usize,
  channels: usize,
  tables: usize,
  out: usize,
): void {
  halve<u8>(at, rows, stride, down, width, channels, tables, out);
}

export function halveU16(
  at: usize,
  rows: usize,
  stride: usize,
  down: usize,
  width: usize,
  channels: usize,
  tables: usize,
  out: usize,
): void {
  halve<u16>(at, rows, stride, down, width, channels, tables, out);
}
