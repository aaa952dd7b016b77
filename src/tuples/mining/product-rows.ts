import type {RowProducts} from './row-products.js';

/** Products at once: 64 MiB of them, or one row where that is more. */
const BLOCK_VALUES = 2 ** 24;
const BLOCK_ROWS = 256;

/** The products of some rows with all `count` rows, one row after another; a row is overwritten later. */
export async function* productRows(
  products: RowProducts,
  rows: Int32Array,
  count: number,
): AsyncGenerator<Float32Array> {
  const size = Math.max(1, Math.min(BLOCK_ROWS, rows.length, Math.floor(BLOCK_VALUES / count)));
  const block = new Float32Array(size * count);
  for (let first = 0; first < rows.length; first += size) {
    const some = rows.subarray(first, first + size);
    await products.write(some, block.subarray(0, some.length * count));
    for (let i = 0; i < some.length; i++) yield block.subarray(i * count, (i + 1) * count);
  }
}
